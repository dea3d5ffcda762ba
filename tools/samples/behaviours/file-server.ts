import { seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { ask } from '../traffic/dns.ts';
import { tcp } from '../traffic/tcp.ts';
import { fileServer, insideDomain, workstations } from '../world/hosts.ts';
import { busyTime, endOfWork, startOfWork } from './schedule.ts';

/** Shared folders: a session for the day, and a second one after the first was idle for long. */
export function fileSharing(scene: Scene): void {
  const name = `${fileServer.name}.${insideDomain}`;
  const answers = [{ name, type: 'A', ttlSeconds: 1200, data: fileServer.ip }];
  for (const station of workstations) {
    const morning = startOfWork(station) + seconds(scene.rng.around(750, 0.95));
    const later = busyTime(scene, station);
    for (const [index, time] of [morning, later].entries()) {
      const ready = ask(scene, time, station.ip, [{ name, type: 'A', answers }], 'own');
      const room = endOfWork(station) - ready;
      tcp(scene, {
        time: ready + 700,
        client: station.ip,
        server: fileServer.ip,
        serverPort: 445,
        upBytes: scene.rng.skewed(30_000, station.role === 'design' ? 420_000_000 : 9_000_000),
        downBytes: scene.rng.skewed(60_000, station.role === 'design' ? 900_000_000 : 60_000_000),
        durationMicros: index === 0 ? Math.max(seconds(60), room * 0.8) : seconds(scene.rng.integer(20, 900)),
        services: ['gssapi', 'ntlm', 'smb'],
        appProto: 'smb',
        state: scene.rng.chance(0.2) ? 'RSTO' : 'SF',
      });
    }
  }
}
