import { seconds } from '../../samples/base/clock.ts';
import { ask } from '../../samples/traffic/dns.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on } from '../calendar.ts';
import type { Planted } from './planted.ts';

const client = workstation(17).ip;
const domain = 'cachestat.example';

/** A shell through the resolver: questions with up to ninety bytes in the name, answers as TXT, for two hours of Wednesday. */
export const dnsTunnel: Planted = {
  detectors: ['analytics/dns-tunnel'],
  entities: [client, domain],
  play(scene) {
    let time = on('Wed', '13:20:44');
    for (let packet = 0; packet < 1100; packet++) {
      const isIdle = scene.rng.chance(0.6);
      const labels = isIdle ? [scene.rng.hex(14)] : [scene.rng.hex(60), scene.rng.hex(scene.rng.integer(20, 60))];
      const name = [...labels, packet.toString(36).padStart(3, '0'), domain].join('.');
      const data = `TXT ${isIdle ? 12 : 96} ${scene.rng.hex(isIdle ? 12 : 96)}`;
      ask(
        scene,
        time,
        client,
        [{ name, type: 'TXT', answers: [{ name, type: 'TXT', ttlSeconds: 1, data }] }],
        'fetched',
      );
      time += seconds(scene.rng.around(isIdle ? 9 : 1.2, 0.5));
    }
  },
};
