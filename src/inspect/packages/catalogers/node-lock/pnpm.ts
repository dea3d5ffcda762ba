import { asObject, asText } from '../../json.ts';
import type { NamedPackage, NameReader } from '../../named-packages.ts';
import { yamlDocuments } from '../../yaml-texts.ts';
import { developmentOnly } from '../../reach.ts';

type Members = Readonly<Record<string, unknown>>;

/** `pnpm-lock.yaml`, lockfile versions 5 to 9 (github.com/pnpm/spec). pnpm 11 puts what it needs itself into a document before. */
export const readPnpmLock: NameReader = function* readPnpmLock(text) {
  for (const document of yamlDocuments(text)) yield* packagesOf(asObject(document));
};

function* packagesOf(lock: Members): Generator<NamedPackage> {
  const major = Number.parseInt(asText(lock['lockfileVersion']) ?? '', 10);
  const packages = asObject(lock['packages']);
  const isDevelopmentOnly = major >= 9 ? fromImporters(lock) : undefined;
  for (const [key, value] of Object.entries(packages)) {
    const entry = asObject(value);
    const named = nameOf(key, entry, major);
    if (named === undefined) continue;
    const isDevelopment = isDevelopmentOnly?.(`${named.name}@${named.version}`) ?? entry['dev'] === 'true';
    yield { ...named, isDevelopment: isDevelopment ? true : undefined };
  }
}

/**
 * Keys: `/name/1.0.0_peers` (5; the oldest have `/peers`), `/name@1.0.0(peers)` (6), `name@1.0.0` (9, first with a slash too); the host of another registry stands before
 * the first slash. What has no version there says it inside, with its name before 9; what comes from a folder is a part of the project.
 */
function nameOf(key: string, entry: Members, major: number): NamedPackage | undefined {
  const [given, version] = [asText(entry['name']), asText(entry['version'])];
  const isProject = /^(?:[^/]*@)?(?:file|link):/.test(key) ? true : undefined;
  if (given !== undefined && version !== undefined) return { name: given, version, isProject };
  const bare = key.replace(major < 9 ? /^[^/]*\// : /^\//, '').replace(/\(.*$/, '');
  const pattern =
    major < 6
      ? /^(?<name>(?:@[^/]+\/)?[^/@]+)\/(?<version>[^/_]+)(?:[_/].*)?$/
      : /^(?<name>(?:@[^/]+\/)?[^/@]+)@(?<version>.+)$/;
  const groups = pattern.exec(bare)?.groups;
  const written = version ?? groups?.['version'] ?? '';
  return groups === undefined || !/^\d/.test(written)
    ? undefined
    : { name: groups['name'] ?? '', version: written, isProject };
}

/** Version 9 marks nothing: what only `devDependencies` of the importers lead to is for development. */
function fromImporters(lock: Members): (key: string) => boolean {
  const snapshots = new Map<string, Members>();
  for (const [key, value] of Object.entries(asObject(lock['snapshots']))) snapshots.set(key, asObject(value));
  const targets = (dependencies: unknown): string[] =>
    Object.entries(asObject(dependencies)).map(([name, value]) => {
      const version = asText(value) ?? asText(asObject(value)['version']) ?? '';
      // An alias names its package itself.
      return snapshots.has(version) ? version : `${name}@${version}`;
    });
  const importers = Object.values(asObject(lock['importers'])).map(asObject);
  const graph = {
    needsOf: (key: string): string[] => {
      const snapshot = snapshots.get(key);
      return [...targets(snapshot?.['dependencies']), ...targets(snapshot?.['optionalDependencies'])];
    },
  };
  const production = importers.flatMap((one) => [
    ...targets(one['dependencies']),
    ...targets(one['optionalDependencies']),
  ]);
  const development = importers.flatMap((one) => targets(one['devDependencies']));
  const isOnly = developmentOnly(graph, { production, development });
  const plainKeys = new Map<string, boolean>();
  for (const key of snapshots.keys()) {
    const plain = key.replace(/\(.*$/, '');
    plainKeys.set(plain, (plainKeys.get(plain) ?? true) && isOnly(key));
  }
  return (key) => plainKeys.get(key) ?? false;
}
