import type { Scene } from '../model/scene.ts';
import { createClientCache } from '../traffic/client-cache.ts';
import { tlsSession } from '../traffic/tls.ts';
import { workstations } from '../world/hosts.ts';
import { services } from '../world/sites.ts';
import { periodic, uptime } from './schedule.ts';

/** The endpoint agent of every workstation reports every forty minutes, to the second: a perfect beacon that all share. */
export function endpointAgents(scene: Scene): void {
  const cache = createClientCache(scene);
  for (const station of workstations) {
    const [from, to] = uptime(station);
    for (const [index, time] of periodic(scene, from, to, 2400, 0.0015).entries()) {
      tlsSession(scene, {
        time: cache.resolve(time, station.ip, services.agent),
        client: station.ip,
        name: services.agent.name,
        address: services.agent.address,
        tls: services.agent.tls,
        hello: 'agent',
        isResumed: index % 12 !== 0,
        upBytes: 1_392 + scene.rng.integer(0, 3) * 16,
        downBytes: 624,
        durationMicros: scene.rng.integer(180_000, 420_000),
      });
    }
  }
}
