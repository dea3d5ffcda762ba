import { at, seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache } from '../traffic/client-cache.ts';
import { tlsSession } from '../traffic/tls.ts';
import { fileServer } from '../world/hosts.ts';
import { services } from '../world/sites.ts';

const packBytes = 134_217_728;

/** Every night files01 sends about two gigabytes to a store outside, in packs of equal size. */
export function nightlyBackup(scene: Scene): void {
  const cache = createClientCache(scene);
  const store = services.backupStore;
  let time = at('01:30:04');
  for (let pack = 0; pack < 16; pack++) {
    const isLast = pack === 15;
    const upBytes = isLast ? scene.rng.integer(20_000_000, 90_000_000) : packBytes + scene.rng.integer(0, 5_200);
    // The line carries about six megabytes a second upwards.
    const durationMicros = (upBytes / scene.rng.around(6, 0.12)) | 0;
    const ready = cache.resolve(time, fileServer.ip, store, ['A', 'AAAA']);
    tlsSession(scene, {
      time: ready,
      client: fileServer.ip,
      name: store.name,
      address: store.address,
      tls: store.tls,
      hello: 'go',
      isResumed: pack > 0,
      upBytes,
      downBytes: scene.rng.integer(5_000, 9_000),
      durationMicros,
    });
    time = ready + durationMicros + seconds(scene.rng.around(1.2, 0.5));
  }
}
