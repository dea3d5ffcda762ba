import { seconds } from '../../samples/base/clock.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on } from '../calendar.ts';
import type { Planted } from './planted.ts';

const relay = '203.0.113.23';
const client = workstation(13).ip;

/** A tunnel to an address without a name stays open all night, three nights long. */
export const longConnection: Planted = {
  detectors: ['analytics/long-connection'],
  entities: [client, relay],
  play(scene) {
    for (const day of ['Tue', 'Wed', 'Thu'] as const) {
      tlsSession(scene, {
        time: on(day, '17:52:08') + seconds(scene.rng.integer(0, 900)),
        client,
        name: 'relay',
        address: relay,
        port: 8443,
        tls: 'tls13',
        hello: 'implant',
        hasServerName: false,
        upBytes: scene.rng.integer(900_000, 2_400_000),
        downBytes: scene.rng.integer(700_000, 1_900_000),
        durationMicros: seconds(scene.rng.integer(45_000, 51_000)),
      });
    }
  },
};
