import type { Micros } from '../../../src/base/time.ts';
import { connectTo } from '../host/audit-events.ts';
import type { Process } from '../host/process.ts';
import type { Scene } from '../model/scene.ts';
import { dnsServer, dockerHost } from '../world/hosts.ts';
import type { Site } from '../world/sites.ts';
import { ask, siteQuestions } from './dns.ts';

/** A look-up by a process of dockerhost1: glibc connects its socket to the resolver, so the audit log knows of it. */
export function askFromHost(
  scene: Scene,
  time: Micros,
  site: Site,
  types: readonly ('A' | 'AAAA')[],
  process: Process,
  args: readonly string[],
): Micros {
  connectTo(scene, time - 300, process, { args, ip: dnsServer.ip, port: 53, descriptor: 9 });
  const isCached = scene.rng.chance(0.4);
  const ttlSeconds = isCached ? scene.rng.integer(1, site.ttlSeconds) : site.ttlSeconds;
  return ask(scene, time, dockerHost.ip, siteQuestions(site, types, ttlSeconds), isCached ? 'cached' : 'fetched');
}
