import { seconds } from '../../samples/base/clock.ts';
import { createClientCache } from '../../samples/traffic/client-cache.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on, weekEnd } from '../calendar.ts';
import { place } from '../sites.ts';
import type { Planted } from './planted.ts';

const control = place('assets.veloxhost.example', '203.0.113.21', 27);

/** An implant on a desktop calls every twelve minutes, a quarter more or less, from Tuesday on. */
export const beacon: Planted = {
  detectors: ['analytics/beacon'],
  entities: [workstation(7).ip, control.name],
  play(scene) {
    const cache = createClientCache(scene);
    const client = workstation(7).ip;
    for (let time = on('Tue', '10:14:31'); time < weekEnd; time += seconds(scene.rng.around(720, 0.25))) {
      const hasTask = scene.rng.chance(0.04);
      tlsSession(scene, {
        time: cache.resolve(time, client, control),
        client,
        name: control.name,
        address: control.address,
        tls: control.tls,
        hello: 'implant',
        upBytes: 268 + scene.rng.integer(0, 4) * 16,
        downBytes: hasTask ? scene.rng.integer(2_000, 40_000) : 139,
        durationMicros: scene.rng.integer(160_000, 480_000),
      });
    }
  },
};
