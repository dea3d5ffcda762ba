import { seconds } from '../../samples/base/clock.ts';
import { ask } from '../../samples/traffic/dns.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on, type WeekDay } from '../calendar.ts';
import type { Planted } from './planted.ts';

const client = workstation(16).ip;
const control = '203.0.113.28';
const days: readonly WeekDay[] = ['Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Each day a list of computed names is tried until one is there. */
export const dga: Planted = {
  detectors: ['analytics/dga'],
  entities: [client],
  play(scene) {
    for (const day of days) {
      let time = on(day, '07:11:20') + seconds(scene.rng.integer(0, 3600));
      const tries = scene.rng.integer(120, 260);
      for (let index = 0; index <= tries; index++) {
        const letters = Array.from({ length: scene.rng.integer(12, 19) }, () => scene.rng.integer(0, 25));
        const label = letters.map((letter) => String.fromCharCode(97 + letter)).join('');
        const name = `${label}.${scene.rng.pick(['com', 'net', 'info', 'biz', 'org'])}`;
        const isThere = index === tries;
        const answers = isThere ? [{ name, type: 'A', ttlSeconds: 300, data: control }] : [];
        const responseCode = isThere ? 'NOERROR' : 'NXDOMAIN';
        const answered = ask(scene, time, client, [{ name, type: 'A', answers, responseCode }], 'fetched');
        if (isThere) {
          tlsSession(scene, {
            time: answered + 900,
            client,
            name,
            address: control,
            tls: 'tls13',
            hello: 'implant',
            upBytes: 812,
            downBytes: 3_400,
            durationMicros: seconds(0.6),
          });
        }
        time += seconds(scene.rng.around(2, 0.6));
      }
    }
  },
};
