import { decodeUtf8 } from '../../../../base/bytes.ts';
import { childOf, parentOf, type FileTree } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { asList, asObject, asText } from '../../json.ts';
import { catalogNames, readerByName, type NameContext, type NameReader } from '../../named-packages.ts';
import { reachable } from '../../reach.ts';
import { parseToml } from '../../toml.ts';
import { workspaceFolders } from '../../workspace-folders.ts';

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
 * What the manifest beside the lock, and those of the members of its workspace, lead to without `dev-dependencies`. A crate whose manifest
 * is not here needs all that the lock says of it; without any manifest everything is wanted.
 */
function wantedBy(entries: readonly Members[], context: NameContext): (key: string) => boolean {
  const manifests = manifestsOf(context);
  if (manifests.size === 0) return () => true;
  const needs = new Map<string, readonly string[]>();
  const roots: string[] = [];
  for (const [bare, same] of Map.groupBy(entries, (entry) => asText(entry['name']) ?? '')) {
    needs.set(bare, same.map(keyOf));
    for (const entry of same) {
      const wanted = 'source' in entry ? undefined : manifests.get(bare);
      const own = needsOf(entry).filter((need) => wanted === undefined || wanted.has(need.split(' ', 1)[0] ?? ''));
      needs.set(keyOf(entry), own);
      if (!('source' in entry)) roots.push(keyOf(entry));
    }
  }
  const reached = reachable({ needsOf: (key) => needs.get(key) ?? [] }, roots);
  return (key) => reached.has(key);
}

/** What each crate of the repository wants in production, by its name. */
function manifestsOf({ entry, tree }: NameContext): Map<string, ReadonlySet<string>> {
  const root = parentOf(entry.path);
  const manifest = manifestIn(tree, root);
  const workspace = asObject(manifest['workspace']);
  const patterns = asList(workspace['members']).map(String);
  const out = asList(workspace['exclude']).map((pattern) => `!${String(pattern)}`);
  const members = workspaceFolders(tree, root, [...patterns, ...out]) ?? [];
  const shared = asObject(workspace['dependencies']);
  const found = new Map<string, ReadonlySet<string>>();
  for (const one of [manifest, ...members.map((folder) => manifestIn(tree, folder))]) {
    const name = asText(asObject(one['package'])['name']);
    if (name !== undefined) found.set(name, productionNames(one, shared));
  }
  return found;
}

/** `name`, or `name version` where the lock has several: the rest is the source. */
function needsOf(entry: Members): string[] {
  return asList(entry['dependencies']).map((need) => String(need).split(' ', 2).join(' '));
}

/** Names of `dependencies` and `build-dependencies`, of all targets; a renamed one says its name under `package`, here or in the workspace. */
function productionNames(manifest: Members, shared: Members): Set<string> {
  const holders = [manifest, ...Object.values(asObject(manifest['target'])).map(asObject)];
  const names = new Set<string>();
  for (const section of holders.flatMap((holder) => [holder['dependencies'], holder['build-dependencies']])) {
    for (const [name, value] of Object.entries(asObject(section))) {
      const renamed = asText(asObject(value)['package']) ?? asText(asObject(shared[name])['package']);
      names.add(renamed ?? name);
    }
  }
  return names;
}

function manifestIn(tree: FileTree, folder: string): Members {
  const bytes = tree.read(childOf(folder, 'Cargo.toml'), maxManifestBytes);
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
    '`Cargo.lock`, all versions; what only `dev-dependencies` of the `Cargo.toml` beside it, and of those of its workspace, lead to is for development. For another platform all count.',
  references: ['https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html'],
  guide: ['C25'],
  wants: (entry) => wants(entry) && !entry.path.includes('/.cargo/registry/'),
  catalog: (entries, { tree }) => catalogNames({ id: 'rust-lock', type: 'cargo', entries, tree, readerOf }),
});
