import { nameOf } from '../../../tree/tree.ts';
import { asObject, asText } from '../../json.ts';
import type { NamedPackage, NameReader } from '../../named-packages.ts';

type Members = Readonly<Record<string, unknown>>;

/** `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3 (docs.npmjs.com, package-lock-json). */
export const readNpmLock: NameReader = function* readNpmLock(text) {
  const lock = asObject(JSON.parse(text));
  if ('packages' in lock) yield* fromPaths(asObject(lock['packages']));
  else yield* fromTree(asObject(lock['dependencies']));
};

/** Versions 2 and 3: by place below the project; a place outside `node_modules` is a workspace, the empty one the project. */
function* fromPaths(packages: Members): Generator<NamedPackage> {
  for (const [place, value] of Object.entries(packages)) {
    const entry = asObject(value);
    if (entry['link'] === true) continue;
    const at = place.lastIndexOf('node_modules/');
    const placed = at < 0 ? undefined : place.slice(at + 'node_modules/'.length);
    // A workspace whose folder is called like it has no name here.
    const name = asText(entry['name']) ?? placed ?? asText(nameOf(place));
    const version = asText(entry['version']);
    if (name === undefined || version === undefined) continue;
    const license = asText(entry['license']);
    yield {
      name,
      version,
      licenses: license === undefined ? undefined : [license],
      isDevelopment: entry['dev'] === true ? true : undefined,
      isProject: placed === undefined ? true : undefined,
      details: placed === undefined || placed === name ? undefined : { alias: placed },
    };
  }
}

/** Version 1: packages inside packages, as they stood in `node_modules`. */
function* fromTree(dependencies: Members): Generator<NamedPackage> {
  const open = [dependencies];
  for (let level = open.pop(); level !== undefined; level = open.pop()) {
    for (const [placed, value] of Object.entries(level)) {
      const entry = asObject(value);
      const isDevelopment = entry['dev'] === true ? true : undefined;
      const named = describe(placed, asText(entry['version']) ?? '');
      if (named !== undefined) yield { ...named, isDevelopment };
      if ('dependencies' in entry) open.push(asObject(entry['dependencies']));
    }
  }
}

/** What stands in a folder of the project is a part of it, and not named. */
function describe(placed: string, written: string): NamedPackage | undefined {
  const { name, aliased } = /^npm:(?<name>.+)@(?<aliased>[^@]+)$/.exec(written)?.groups ?? {};
  if (name !== undefined && aliased !== undefined) return { name, version: aliased, details: { alias: placed } };
  const version = /^\d/.test(written) ? written : versionInAddress(written);
  if (version !== undefined) return { name: placed, version };
  // No registry gave it, and nobody can say which version it is.
  return /^(?!file:|link:)[\w+]+:/.test(written) ? { name: placed, version: written, isProject: true } : undefined;
}

/** What does not come from a registry has its address for a version: of an archive by its name, of a repository by its tag. */
function versionInAddress(address: string): string | undefined {
  const pattern = /(?:-|#v?|#semver:)(?<version>\d+\.\d+\.\d+(?:[-+][\w.+-]*?)?)(?:\.tgz|\.tar\.gz)?$/;
  return address.length > 2048 ? undefined : pattern.exec(address)?.groups?.['version'];
}
