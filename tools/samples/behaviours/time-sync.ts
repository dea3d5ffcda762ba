import { dayEnd, dayStart, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { udp } from '../traffic/datagrams.ts';
import { rttMicros } from '../traffic/flow.ts';
import { dnsServer, fileServer, mailServer, workstations } from '../world/hosts.ts';
import { timeServers } from '../world/sites.ts';
import { periodic, uptime } from './schedule.ts';

/** Time: everybody asks dns01, dns01 asks the pool. The same size at the same pace, all day. */
export function timeSync(scene: Scene): void {
  for (const station of workstations) {
    const [from, to] = uptime(station);
    for (const time of periodic(scene, from + seconds(20), to, 16_384, 0.01)) {
      ask(scene, time, station.ip, dnsServer.ip, 123);
    }
  }
  for (const server of [mailServer, fileServer]) {
    const from = dayStart + seconds(scene.rng.around(500, 0.9));
    for (const time of periodic(scene, from, dayEnd, 2048, 0.01)) ask(scene, time, server.ip, dnsServer.ip);
  }
  for (const pool of timeServers) {
    const from = dayStart + seconds(scene.rng.around(500, 0.9));
    for (const time of periodic(scene, from, dayEnd, 2048, 0.01)) ask(scene, time, dnsServer.ip, pool);
  }
}

function ask(scene: Scene, time: number, client: string, server: string, clientPort?: number): void {
  udp(scene, {
    time,
    client,
    ...(clientPort === undefined ? {} : { clientPort }),
    server,
    serverPort: 123,
    up: { bytes: 48, packets: 1 },
    down: { bytes: 48, packets: 1 },
    durationMicros: rttMicros(scene, server),
    services: ['ntp'],
    appProto: 'ntp',
  });
}
