import { seconds } from '../../samples/base/clock.ts';
import { tcp } from '../../samples/traffic/tcp.ts';
import { workstation } from '../../samples/world/hosts.ts';
import { on } from '../calendar.ts';
import type { Planted } from './planted.ts';

const source = workstation(5);
const targets = [1, 8, 10, 13, 15, 16, 19, 22].map(workstation);

/** From one workstation to eight others with the means of administrators, one after the other, on Thursday night. */
export const lateralMovement: Planted = {
  detectors: ['analytics/lateral-movement'],
  entities: [source.ip],
  play(scene) {
    let time = on('Thu', '22:41:09');
    for (const target of targets) {
      for (const [port, service, bytes] of [
        [445, 'smb', 380_000],
        [5985, 'http', 9_000],
      ] as const) {
        tcp(scene, {
          time,
          client: source.ip,
          server: target.ip,
          serverPort: port,
          upBytes: bytes + scene.rng.integer(0, 4_000),
          downBytes: 14_000 + scene.rng.integer(0, 9_000),
          durationMicros: seconds(scene.rng.integer(3, 40)),
          services: [service],
          appProto: service,
        });
        time += seconds(scene.rng.integer(20, 70));
      }
      time += seconds(scene.rng.integer(120, 400));
    }
  },
};
