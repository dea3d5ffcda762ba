import type { Micros } from '../../../src/base/time.ts';
import { seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { addFlow } from '../traffic/flow.ts';
import { dnsServer, workstations, type Workstation } from '../world/hosts.ts';
import { uptime } from './schedule.ts';

/** Leases of twelve hours: laptops ask when they come, all renew at half time. */
export function leases(scene: Scene): void {
  for (const station of workstations) {
    const [from, to] = uptime(station);
    if (station.isLaptop) lease(scene, station, from + scene.rng.integer(1_800_000, 2_900_000), false);
    const first = from + seconds(station.isLaptop ? scene.rng.around(21_600, 0.001) : scene.rng.around(10_300, 0.9));
    for (let time = first; time < to; time += seconds(scene.rng.around(21_600, 0.002))) {
      lease(scene, station, time, true);
    }
  }
}

function lease(scene: Scene, station: Workstation, time: Micros, isRenewal: boolean): void {
  const requests = isRenewal ? 1 : 2;
  const durationMicros = isRenewal ? scene.rng.integer(600, 1_900) : scene.rng.integer(900_000, 1_040_000);
  const payload = { payloadBytes: requests * 314, packets: requests, ipBytes: requests * 342 };
  const flow = addFlow(scene, {
    time,
    transport: 'udp',
    client: { ip: isRenewal ? station.ip : '0.0.0.0', port: 68 },
    server: { ip: isRenewal ? dnsServer.ip : '255.255.255.255', port: 67 },
    durationMicros: isRenewal ? durationMicros : 3_200,
    services: ['dhcp'],
    appProto: 'dhcp',
    up: payload,
    down: isRenewal ? payload : { payloadBytes: 0, packets: 0, ipBytes: 0 },
    state: isRenewal ? 'SF' : 'S0',
    history: isRenewal ? 'Dd' : 'D',
  });
  scene.evidence.dhcp.push({
    flow,
    time,
    mac: station.mac,
    hostName: station.name,
    ip: station.ip,
    isRenewal,
    durationMicros,
  });
}
