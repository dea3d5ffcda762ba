import { seconds } from '../../samples/base/clock.ts';
import { createClientCache } from '../../samples/traffic/client-cache.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { mailServer } from '../../samples/world/hosts.ts';
import { on, weekEnd } from '../calendar.ts';
import { place } from '../sites.ts';
import type { Planted } from './planted.ts';

const vendor = place('license.filterworks.example', '198.51.100.49', 26, 'tls12');

/** The licence check of the mail filter was the same all week; from Friday on, after an update, it sends forty times as much. */
export const phoningUpdater: Planted = {
  detectors: ['analytics/phoning-updater'],
  entities: [mailServer.ip, vendor.name],
  play(scene) {
    const cache = createClientCache(scene);
    const changed = on('Fri', '02:10:00');
    for (let time = on('Mon', '00:23:19'); time < weekEnd; time += seconds(scene.rng.around(3600, 0.01))) {
      const isChanged = time > changed;
      tlsSession(scene, {
        time: cache.resolve(time, mailServer.ip, vendor),
        client: mailServer.ip,
        name: vendor.name,
        address: vendor.address,
        tls: vendor.tls,
        hello: 'openssl',
        upBytes: isChanged ? scene.rng.integer(52_000, 64_000) : 1_240 + scene.rng.integer(0, 3) * 16,
        downBytes: 2_310,
        durationMicros: scene.rng.integer(300_000, isChanged ? 1_900_000 : 700_000),
      });
    }
  },
};
