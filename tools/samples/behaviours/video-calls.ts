import { seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache } from '../traffic/client-cache.ts';
import { udp } from '../traffic/datagrams.ts';
import { tlsSession } from '../traffic/tls.ts';
import { workstations } from '../world/hosts.ts';
import { services } from '../world/sites.ts';
import { busyTime } from './schedule.ts';

/** Calls of half an hour or more: many bytes both ways to one address, first a STUN binding, then media. */
export function videoCalls(scene: Scene): void {
  const cache = createClientCache(scene);
  for (const station of workstations) {
    if (!scene.rng.chance(0.45)) continue;
    const time = busyTime(scene, station);
    const length = scene.rng.integer(900, 4_200);
    const ready = cache.resolve(time, station.ip, services.video, station.ip6 === undefined ? ['A'] : ['A', 'AAAA']);
    tlsSession(scene, {
      time: ready,
      client: station.ip,
      name: services.video.name,
      address: services.video.address,
      tls: services.video.tls,
      hello: station.browser,
      upBytes: 22_000 + length * 9,
      downBytes: 180_000 + length * 14,
      durationMicros: seconds(length + 4),
    });
    const packets = length * scene.rng.integer(60, 95);
    const relayed = cache.resolve(ready + seconds(0.8), station.ip, services.videoRelay);
    udp(scene, {
      time: relayed,
      client: station.ip,
      server: services.videoRelay.address,
      serverPort: 3478,
      up: { bytes: packets * scene.rng.integer(560, 780), packets },
      down: { bytes: Math.round(packets * 1.3) * scene.rng.integer(690, 880), packets: Math.round(packets * 1.3) },
      durationMicros: seconds(length),
    });
  }
}
