import { seconds } from '../../samples/base/clock.ts';
import { createClientCache } from '../../samples/traffic/client-cache.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { fileServer } from '../../samples/world/hosts.ts';
import { on, weekEnd } from '../calendar.ts';
import { place } from '../sites.ts';
import type { Planted } from './planted.ts';

const control = place('metrics.cloudlattice.example', '203.0.113.22', 31);

/** A patient implant on the file server: every seven hours and a half, so three times a day. */
export const slowBeacon: Planted = {
  detectors: ['analytics/beacon'],
  entities: [fileServer.ip, control.name],
  play(scene) {
    const cache = createClientCache(scene);
    for (let time = on('Mon', '03:41:12'); time < weekEnd; time += seconds(scene.rng.around(27_000, 0.03))) {
      tlsSession(scene, {
        time: cache.resolve(time, fileServer.ip, control),
        client: fileServer.ip,
        name: control.name,
        address: control.address,
        tls: control.tls,
        hello: 'implant',
        upBytes: 540 + scene.rng.integer(0, 4) * 16,
        downBytes: 171,
        durationMicros: scene.rng.integer(200_000, 600_000),
      });
    }
  },
};
