import type { Micros } from '../../../src/base/time.ts';
import type { Scene } from '../model/scene.ts';
import type { Site } from '../world/sites.ts';
import { ask, siteQuestions } from './dns.ts';

export interface ClientCache {
  /** Asks for a site unless the client still knows it; returns the time at which the client can connect. */
  resolve(time: Micros, client: string, site: Site, types?: readonly ('A' | 'AAAA' | 'HTTPS')[]): Micros;
}

/** The resolver caches in each client of one behaviour. Times must not run backwards for one client. */
export function createClientCache(scene: Scene): ClientCache {
  const validUntil = new Map<string, Micros>();
  return {
    resolve(time, client, site, types = ['A']) {
      const key = `${client} ${site.name}`;
      const known = validUntil.get(key);
      if (known !== undefined && known > time) return time;
      const isCached = scene.rng.chance(0.55);
      const ttlSeconds = isCached ? scene.rng.integer(1, site.ttlSeconds) : site.ttlSeconds;
      const answered = ask(
        scene,
        time,
        client,
        siteQuestions(site, types, ttlSeconds),
        isCached ? 'cached' : 'fetched',
      );
      validUntil.set(key, answered + ttlSeconds * 1_000_000);
      return answered + scene.rng.integer(200, 2500);
    },
  };
}
