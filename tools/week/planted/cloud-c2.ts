import { seconds } from '../../samples/base/clock.ts';
import { createClientCache } from '../../samples/traffic/client-cache.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on, weekEnd } from '../calendar.ts';
import { place } from '../sites.ts';
import type { Planted } from './planted.ts';

/** In the shipped list of services; the address is made up. */
const chat = place('api.telegram.org', '203.0.113.26', 28);
const client = workstation(20).ip;

/** An implant fetches its orders from a chat service every five minutes, and leaves there what it stole. */
export const cloudC2: Planted = {
  detectors: ['analytics/cloud-c2'],
  entities: [client, 'telegram.org'],
  play(scene) {
    const cache = createClientCache(scene);
    for (let time = on('Wed', '22:03:40'); time < weekEnd; time += seconds(scene.rng.around(300, 0.1))) {
      const isLeaving = scene.rng.chance(0.03);
      tlsSession(scene, {
        time: cache.resolve(time, client, chat),
        client,
        name: chat.name,
        address: chat.address,
        tls: chat.tls,
        hello: 'python',
        upBytes: isLeaving ? scene.rng.integer(400_000, 2_600_000) : 402 + scene.rng.integer(0, 2) * 16,
        downBytes: 340 + scene.rng.integer(0, 3) * 16,
        durationMicros: scene.rng.integer(180_000, 420_000),
      });
    }
  },
};
