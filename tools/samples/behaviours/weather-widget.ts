import { seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache } from '../traffic/client-cache.ts';
import { tlsSession } from '../traffic/tls.ts';
import { workstation } from '../world/hosts.ts';
import { services } from '../world/sites.ts';
import { endOfWork, periodic, startOfWork } from './schedule.ts';

/** Two people have a weather widget: periodic, outside, rare, and harmless. It downloads more than it sends. */
export function weatherWidget(scene: Scene): void {
  const cache = createClientCache(scene);
  const site = services.weather;
  for (const number of [5, 14]) {
    const station = workstation(number);
    for (const time of periodic(scene, startOfWork(station) + seconds(95), endOfWork(station), 900, 0.01)) {
      tlsSession(scene, {
        time: cache.resolve(time, station.ip, site),
        client: station.ip,
        name: site.name,
        address: site.address,
        tls: site.tls,
        hello: 'widget',
        isResumed: true,
        upBytes: 412,
        downBytes: scene.rng.integer(6_100, 7_900),
        durationMicros: seconds(scene.rng.around(1.4, 0.3)),
      });
    }
  }
}
