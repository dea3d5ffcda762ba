import { seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { udp } from '../traffic/datagrams.ts';
import { tcp } from '../traffic/tcp.ts';
import { workstations } from '../world/hosts.ts';
import { busyTime, startOfWork } from './schedule.ts';

/** Service discovery by multicast, and connections to things that are switched off. */
export function discovery(scene: Scene): void {
  for (const station of workstations) {
    const packets = scene.rng.integer(2, 6);
    udp(scene, {
      time: startOfWork(station) + seconds(scene.rng.around(100, 0.9)),
      client: station.ip,
      clientPort: station.number % 2 === 0 ? 5353 : scene.rng.integer(49_152, 65_535),
      server: station.number % 2 === 0 ? '224.0.0.251' : '239.255.255.250',
      serverPort: station.number % 2 === 0 ? 5353 : 1900,
      up: { bytes: packets * (station.number % 2 === 0 ? 73 : 137), packets },
      down: { bytes: 0, packets: 0 },
      durationMicros: (packets - 1) * 1_002_113,
      ...(station.number % 2 === 0 ? { services: ['dns'], appProto: 'mdns' } : {}),
    });
    if (!scene.rng.chance(0.4)) continue;
    tcp(scene, {
      time: busyTime(scene, station),
      client: station.ip,
      server: `10.20.20.${scene.rng.pick([12, 31])}`,
      serverPort: scene.rng.pick([443, 9100]),
      upBytes: 0,
      downBytes: 0,
      durationMicros: 0,
      state: scene.rng.pick(['S0', 'REJ']),
    });
  }
}
