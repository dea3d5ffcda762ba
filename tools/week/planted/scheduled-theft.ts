import { seconds } from '../../samples/base/clock.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on } from '../calendar.ts';
import { place } from '../sites.ts';
import type { Planted } from './planted.ts';

const store = place('node4.coldvault.example', '203.0.113.31', 31);
const client = workstation(5).ip;

/** From the second day on as much leaves every night at the same hour, as a backup would: only that nobody set it up before says otherwise. */
export const scheduledTheft: Planted = {
  detectors: ['analytics/exfiltration'],
  entities: [client, store.name.slice(store.name.indexOf('.') + 1)],
  play(scene) {
    for (const day of ['Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const) {
      tlsSession(scene, {
        time: on(day, '03:30:00') + seconds(scene.rng.integer(0, 240)),
        client,
        name: store.name,
        address: store.address,
        tls: store.tls,
        hello: 'go',
        upBytes: Math.round(scene.rng.around(900_000_000, 0.1)),
        downBytes: scene.rng.integer(200_000, 400_000),
        durationMicros: seconds(scene.rng.around(300, 0.2)),
      });
    }
  },
};
