import { decodeUtf8 } from '../../../../base/bytes.ts';
import { childOf, parentOf } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NameContext, type NameReader } from '../../named-packages.ts';
import { reachable } from '../../reach.ts';
import { parseToml } from '../../toml.ts';

type Members = Readonly<Record<string, unknown>>;
const maxManifestBytes = 2 ** 20;

/** All versions of the format have a list of packages; one without a source is a crate of the workspace. */
const readCargoLock: NameReader = function* readCargoLock(text, context) {
  const entries = asList(parseToml(text)['package']).map(asObject);
  const isWanted = wantedBy(entries, context);
  for (const entry of entries) {
    const name = asText(entry['name']);
    const version = asText(entry['version']);
    if (name === undefined || version === undefined) continue;
    const isProject = !('source' in entry);
    const isDevelopment = !isProject && !isWanted(keyOf(entry));
    yield { name, version, isProject: isProject ? true : undefined, isDevelopment: isDevelopment ? true : undefined };
  }
};

function keyOf(entry: Members): string {
  return `${asText(entry['name']) ?? ''} ${asText(entry['version']) ?? ''}`;
}

/**
 * What the manifest beside the lock leads to without `dev-dependencies`. A workspace has a manifest for each crate, and without a manifest
 * nothing is known: then everything is wanted.
 */
function wantedBy(entries: readonly Members[], context: NameContext): (key: string) => boolean {
  const manifest = manifestBeside(context);
  const name = asText(asObject(manifest['package'])['name']);
  const project = entries.find((entry) => entry['name'] === name && !('source' in entry));
  if (project === undefined || 'workspace' in manifest) return () => true;
  const needs = new Map<string, readonly string[]>();
  for (const [bare, same] of Map.groupBy(entries, (entry) => asText(entry['name']) ?? '')) {
    needs.set(bare, same.map(keyOf));
    for (const entry of same) needs.set(keyOf(entry), needsOf(entry));
  }
  const wanted = productionNames(manifest);
  const roots = needsOf(project).filter((need) => wanted.has(need.split(' ', 1)[0] ?? ''));
  const reached = reachable({ needsOf: (key) => needs.get(key) ?? [] }, roots);
  return (key) => reached.has(key);
}

/** `name`, or `name version` where the lock has several: the rest is the source. */
function needsOf(entry: Members): string[] {
  return asList(entry['dependencies']).map((need) => String(need).split(' ', 2).join(' '));
}

/** Names of `dependencies` and `build-dependencies`, of all targets; a renamed one says its name under `package`. */
function productionNames(manifest: Members): Set<string> {
  const holders = [manifest, ...Object.values(asObject(manifest['target'])).map(asObject)];
  const names = new Set<string>();
  for (const section of holders.flatMap((holder) => [holder['dependencies'], holder['build-dependencies']])) {
    for (const [name, value] of Object.entries(asObject(section))) {
      names.add(asText(asObject(value)['package']) ?? name);
    }
  }
  return names;
}

function manifestBeside({ entry, tree }: NameContext): Members {
  const bytes = tree.read(childOf(parentOf(entry.path), 'Cargo.toml'), maxManifestBytes);
  try {
    return bytes === undefined ? {} : parseToml(decodeUtf8(bytes));
  } catch {
    // Cargo itself would not take it; the lock is all that is known then.
    return {};
  }
}

const { readerOf, wants } = readerByName({ 'Cargo.lock': readCargoLock });

export const cataloger = defineCataloger({
  id: 'rust-lock',
  title: 'Lock files of Rust',
  description:
    '`Cargo.lock`, all versions; what only `dev-dependencies` of the `Cargo.toml` beside it lead to is for development. In a workspace, and for another platform, all count.',
  references: ['https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html'],
  guide: ['C25'],
  wants: (entry) => wants(entry) && !entry.path.includes('/.cargo/registry/'),
  catalog: (entries, { tree }) => catalogNames({ id: 'rust-lock', type: 'cargo', entries, tree, readerOf }),
});
