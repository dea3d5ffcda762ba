import { seconds } from '../../samples/base/clock.ts';
import { busyTime } from '../../samples/behaviours/schedule.ts';
import type { Scene } from '../../samples/model/scene.ts';
import { sshSession } from '../../samples/traffic/ssh.ts';
import { gitServer, workstation } from '../../samples/world/hosts.ts';

/** The administrator mistypes her password once or twice before she is in. */
export function mistypedPassword(scene: Scene): void {
  const admin = workstation(24);
  const time = busyTime(scene, admin);
  const refusals = scene.rng.integer(1, 2);
  for (let attempt = 0; attempt <= refusals; attempt++) {
    const isLast = attempt === refusals;
    sshSession(scene, {
      time: time + seconds(attempt * 9),
      client: admin.ip,
      server: gitServer.ip,
      upBytes: isLast ? 14_000 : 900,
      downBytes: isLast ? 61_000 : 1_100,
      durationMicros: seconds(isLast ? 840 : 6),
      isLoggedIn: isLast,
    });
  }
}
