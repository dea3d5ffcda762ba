import { seconds } from '../../samples/base/clock.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on } from '../calendar.ts';
import { place } from '../sites.ts';
import type { Planted } from './planted.ts';

const store = place('up.quickdrop.example', '203.0.113.24', 24);
const client = workstation(2).ip;

/** An archive leaves in pieces of 25 MB, a few an evening at no fixed hour, so that no day stands out. */
export const exfiltration: Planted = {
  detectors: ['analytics/exfiltration'],
  entities: [client, store.name.slice(store.name.indexOf('.') + 1)],
  play(scene) {
    for (const day of ['Wed', 'Thu', 'Fri', 'Sat'] as const) {
      let time = on(day, '17:20:10') + seconds(scene.rng.integer(0, 14_000));
      const pieces = scene.rng.integer(3, 8);
      for (let piece = 0; piece < pieces; piece++) {
        tlsSession(scene, {
          time,
          client,
          name: store.name,
          address: store.address,
          tls: store.tls,
          hello: 'go',
          upBytes: 26_214_400 + scene.rng.integer(2_000, 2_600),
          downBytes: scene.rng.integer(1_100, 1_600),
          durationMicros: seconds(scene.rng.around(9, 0.2)),
        });
        time += seconds(scene.rng.integer(240, 900));
      }
    }
  },
};
