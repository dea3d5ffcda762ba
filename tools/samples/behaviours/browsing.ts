import type { Micros } from '../../../src/base/time.ts';
import { seconds } from '../base/clock.ts';
import type { Scene } from '../model/scene.ts';
import { createClientCache, type ClientCache } from '../traffic/client-cache.ts';
import { tlsSession } from '../traffic/tls.ts';
import { workstations, type Workstation } from '../world/hosts.ts';
import { browsedSites, embeddedSites, services, type Site } from '../world/sites.ts';
import { busyTime } from './schedule.ts';

/** Bursts of reading: a page, what it pulls in, sometimes a second page after a pause. */
export function browsing(scene: Scene): void {
  const cache = createClientCache(scene);
  for (const station of workstations) {
    const bursts = scene.rng.integer(4, 7);
    const times = Array.from({ length: bursts }, () => busyTime(scene, station)).sort((a, b) => a - b);
    for (const time of times) visitPage(scene, cache, station, time);
    for (const site of [services.office, services.officeFiles]) {
      const opened = busyTime(scene, station);
      visitSite(scene, cache, station, site, opened, scene.rng.skewed(20_000, 900_000));
    }
  }
}

function visitPage(scene: Scene, cache: ClientCache, station: Workstation, time: Micros): void {
  const favourite = scene.rng.skewed(0, browsedSites.length - 1);
  const site = browsedSites[(favourite + station.number) % browsedSites.length] ?? services.office;
  const shown = visitSite(scene, cache, station, site, time, scene.rng.skewed(30_000, 2_500_000));
  const parts = scene.rng.integer(0, 3);
  for (let part = 0; part < parts; part++) {
    const other = scene.rng.pick(embeddedSites);
    visitSite(scene, cache, station, other, shown + seconds(0.05 + part * 0.08), scene.rng.skewed(900, 400_000));
  }
}

function visitSite(
  scene: Scene,
  cache: ClientCache,
  station: Workstation,
  site: Site,
  time: Micros,
  downBytes: number,
): Micros {
  const usesV6 = station.ip6 !== undefined && site.address6 !== undefined;
  const addresses = usesV6 ? (['A', 'AAAA'] as const) : (['A'] as const);
  const types = station.browser === 'chromium' ? ([...addresses, 'HTTPS'] as const) : addresses;
  const ready = cache.resolve(time, station.ip, site, types);
  tlsSession(scene, {
    time: ready,
    client: usesV6 ? (station.ip6 ?? station.ip) : station.ip,
    name: site.name,
    address: usesV6 ? (site.address6 ?? site.address) : site.address,
    tls: site.tls,
    hello: station.browser,
    isResumed: scene.rng.chance(0.35),
    upBytes: scene.rng.skewed(900, 14_000),
    downBytes,
    // Browsers keep connections for a while after the last answer.
    durationMicros: seconds(scene.rng.skewed(3, 115)),
    state: scene.rng.chance(0.12) ? 'RSTO' : 'SF',
  });
  return ready;
}
