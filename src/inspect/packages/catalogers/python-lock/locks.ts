import { asList, asObject, asText } from '../../json.ts';
import type { NamedPackage, NameReader } from '../../named-packages.ts';
import { parseToml } from '../../toml.ts';

/** `Pipfile.lock`: `default` is wanted, `develop` and other categories are only installed on demand; versions are `==1.0`. */
export const readPipfileLock: NameReader = function* readPipfileLock(text) {
  for (const [section, packages] of Object.entries(asObject(JSON.parse(text)))) {
    if (section.startsWith('_')) continue;
    for (const [name, value] of Object.entries(asObject(packages))) {
      const version = /^={2,3}\s*(?<version>\S+)$/.exec(asText(asObject(value)['version']) ?? '')?.groups?.['version'];
      if (version !== undefined) yield { name, version, isDevelopment: section === 'default' ? undefined : true };
    }
  }
};

/** `pdm.lock`: `groups` say what is for development; without them (before format 4.4) all count. */
export const readPdmLock: NameReader = function* readPdmLock(text) {
  for (const entry of asList(parseToml(text)['package']).map(asObject)) {
    const groups = asList(entry['groups']);
    yield* named(entry, groups.length > 0 && !groups.includes('default'));
  }
};

/** `pylock.toml` (PEP 751). */
export const readPylock: NameReader = function* readPylock(text) {
  for (const entry of asList(parseToml(text)['packages']).map(asObject)) yield* named(entry, false);
};

/** `uv.lock`: the project itself is a package whose source is a folder. What only its development groups lead to is for development. */
export const readUvLock: NameReader = function* readUvLock(text) {
  const entries = asList(parseToml(text)['package']).map(asObject);
  const byName = Map.groupBy(entries, (entry) => asText(entry['name']) ?? '');
  const isLocal = (entry: Readonly<Record<string, unknown>>): boolean => {
    const source = asObject(entry['source']);
    return 'virtual' in source || 'editable' in source || 'directory' in source;
  };
  const wanted = reachedBy(entries.filter(isLocal), byName);
  const hasProject = entries.some(isLocal);
  for (const entry of entries) {
    const isWanted = !hasProject || wanted.has(asText(entry['name']) ?? '');
    for (const one of named(entry, !isWanted)) yield isLocal(entry) ? { ...one, isProject: true } : one;
  }
};

/** Names that the dependencies and extras of the projects lead to. */
function reachedBy(
  projects: readonly Readonly<Record<string, unknown>>[],
  byName: ReadonlyMap<string, readonly Readonly<Record<string, unknown>>[]>,
): Set<string> {
  const needs = (entry: Readonly<Record<string, unknown>>): string[] =>
    [entry['dependencies'], ...Object.values(asObject(entry['optional-dependencies']))]
      .flatMap(asList)
      .map((need) => asText(asObject(need)['name']))
      .filter((name) => name !== undefined);
  const reached = new Set(projects.map((project) => asText(project['name']) ?? ''));
  const open = projects.flatMap(needs);
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const entry of byName.get(name) ?? []) open.push(...needs(entry));
  }
  return reached;
}

/** An entry with name and version. What comes from a folder beside the lock (Poetry and PDM) is a part of the project. */
export function* named(entry: Readonly<Record<string, unknown>>, isDevelopment: boolean): Generator<NamedPackage> {
  const name = asText(entry['name']);
  const version = asText(entry['version']);
  if (name === undefined || version === undefined) return;
  const isProject = asObject(entry['source'])['type'] === 'directory' || 'path' in entry;
  yield { name, version, isDevelopment: isDevelopment ? true : undefined, isProject: isProject ? true : undefined };
}
