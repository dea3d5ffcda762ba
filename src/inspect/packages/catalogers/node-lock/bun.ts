import { asList, asObject, asText } from '../../json.ts';
import type { NameReader } from '../../named-packages.ts';
import { developmentOnly } from '../../reach.ts';
import { parseRelaxedJson } from './relaxed-json.ts';

/** `bun.lock`: JSON with trailing commas; `packages` by place, each `[name@version, registry, {dependencies}, integrity]`; what comes from a repository has its address for a version. */
export const readBunLock: NameReader = function* readBunLock(text) {
  const lock = asObject(parseRelaxedJson(text));
  const packages = new Map(Object.entries(asObject(lock['packages'])).map(([key, value]) => [key, asList(value)]));
  const workspaces = Object.values(asObject(lock['workspaces'])).map(asObject);
  const namesIn = (holder: Readonly<Record<string, unknown>>, ...sections: string[]): string[] =>
    sections.flatMap((section) => Object.keys(asObject(holder[section])));
  const graph = {
    needsOf: (key: string): string[] => {
      const holder = asObject(packages.get(key)?.find((part) => typeof part === 'object'));
      const needs = namesIn(holder, 'dependencies', 'optionalDependencies', 'peerDependencies');
      return needs.map((name) => resolve(key, name, packages)).filter((place) => place !== undefined);
    },
  };
  const isDevelopmentOnly = developmentOnly(graph, {
    production: workspaces.flatMap((one) => namesIn(one, 'dependencies', 'optionalDependencies', 'peerDependencies')),
    development: workspaces.flatMap((one) => namesIn(one, 'devDependencies')),
  });
  for (const [key, parts] of packages) {
    const full = asText(parts[0]) ?? '';
    // A scope begins with the same sign, and an address may have it too.
    const at = full.indexOf('@', 1);
    const version = full.slice(at + 1);
    if (at <= 0 || version === '' || /^(?:workspace|link|file|root):/.test(version)) continue;
    yield {
      name: full.slice(0, at),
      version,
      isDevelopment: isDevelopmentOnly(key) ? true : undefined,
      isProject: /^\d/.test(version) ? undefined : true,
    };
  }
};

/** Where a package finds another, as Node does: below itself, or below one of those that it stands below, or at the top. */
function resolve(from: string, name: string, packages: ReadonlyMap<string, unknown>): string | undefined {
  const parts = from.match(/@[^/]+\/[^/]+|[^/]+/g) ?? [];
  for (let depth = Math.min(parts.length, 100); depth >= 0; depth--) {
    const place = [...parts.slice(0, depth), name].join('/');
    if (packages.has(place)) return place;
  }
  return undefined;
}
