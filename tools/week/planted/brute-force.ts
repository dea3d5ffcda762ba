import { seconds } from '../../samples/base/clock.ts';
import { sshSession } from '../../samples/traffic/ssh.ts';
import { gitServer } from '../../samples/world/hosts.ts';
import { on } from '../calendar.ts';
import type { Planted } from './planted.ts';

const guesser = '203.0.113.27';

/** Somebody outside guesses passwords of the git server for an hour, and is in at last. */
export const bruteForce: Planted = {
  detectors: ['analytics/brute-force'],
  entities: [gitServer.ip, guesser],
  play(scene) {
    const attempts = 240;
    let time = on('Sat', '01:17:02');
    for (let attempt = 0; attempt <= attempts; attempt++) {
      const isIn = attempt === attempts;
      sshSession(scene, {
        time,
        client: guesser,
        server: gitServer.ip,
        upBytes: isIn ? 21_000 : 1_300,
        downBytes: isIn ? 88_000 : 1_500,
        durationMicros: seconds(isIn ? 1_260 : scene.rng.around(3, 0.4)),
        clientVersion: 'SSH-2.0-Go',
        isLoggedIn: isIn,
      });
      time += seconds(scene.rng.around(14, 0.6));
    }
  },
};
