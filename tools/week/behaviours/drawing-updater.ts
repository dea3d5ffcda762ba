import { dayEnd, dayStart, seconds } from '../../samples/base/clock.ts';
import { periodic } from '../../samples/behaviours/schedule.ts';
import type { Scene } from '../../samples/model/scene.ts';
import { createClientCache } from '../../samples/traffic/client-cache.ts';
import { tlsSession } from '../../samples/traffic/tls.ts';
import { workstations } from '../../samples/world/hosts.ts';
import { drawingVendor } from '../sites.ts';

/** The drawing program of the two designers asks its vendor every two hours whether there is something new. */
export function drawingUpdater(scene: Scene): void {
  const cache = createClientCache(scene);
  for (const station of workstations.filter(({ role }) => role === 'design')) {
    for (const time of periodic(scene, dayStart + seconds(scene.rng.integer(60, 7000)), dayEnd, 7200, 0.02)) {
      tlsSession(scene, {
        time: cache.resolve(time, station.ip, drawingVendor),
        client: station.ip,
        name: drawingVendor.name,
        address: drawingVendor.address,
        tls: drawingVendor.tls,
        hello: 'system',
        isResumed: scene.rng.chance(0.4),
        upBytes: 1_310 + scene.rng.integer(0, 3) * 16,
        downBytes: scene.rng.integer(2_150, 2_420),
        durationMicros: scene.rng.integer(300_000, 700_000),
      });
    }
  }
}
