import { digest } from '../base/ids.ts';
import type { Scene } from '../model/scene.ts';
import { ask } from '../traffic/dns.ts';
import { workstations } from '../world/hosts.ts';
import { busyTime } from './schedule.ts';

/**
 * The virus scanner asks for the reputation of each new file by DNS: a hash in the name, an address of
 * 127.0.0.0/8 as the answer. Many unique names of one domain, from all workstations.
 */
export function antivirusReputation(scene: Scene): void {
  for (const station of workstations) {
    const files = scene.rng.integer(4, 9);
    for (let file = 0; file < files; file++) {
      const time = busyTime(scene, station);
      const hash = digest('md5', `file ${scene.rng.skewed(0, 900)}`);
      const name = `${hash.slice(0, 8)}.${hash.slice(8)}.i.01.s.rep.clearscan.example`;
      const verdict = scene.rng.chance(0.9) ? '127.0.0.0' : '127.64.0.8';
      ask(
        scene,
        time,
        station.ip,
        [{ name, type: 'A', answers: [{ name, type: 'A', ttlSeconds: 60, data: verdict }] }],
        'fetched',
      );
    }
  }
}
