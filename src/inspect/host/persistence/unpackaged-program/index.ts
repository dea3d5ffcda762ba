import { nameOf, parentOf, type TreeEntry } from '../../../tree/tree.ts';
import { isElf, readLines } from '../../locations.ts';
import { digestOf } from '../../ownership/digest.ts';
import { isStandIn } from '../../ownership/stand-in.ts';
import { isHidden, isLocalProgram } from '../../../../match/commands/paths.ts';
import { defineTechnique, identityOf, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

/** Where only packages put programs. */
const systemFolders = new Set(['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/libexec', '/usr/games']);
/** A longer local program is told without its digest. */
const maxHashedBytes = 2 ** 28;
const maxItems = 500;

export const technique = defineTechnique({
  id: 'unpackaged-program',
  title: 'Programs of no package where packages put theirs',
  description:
    "Programs and scripts in /usr/bin, /usr/sbin and their like, and libraries beside the system's own, that no package owns. `make install` and vendors put some there: they count little unless they are hidden, imitate a name, or hold odd commands. Local programs are no findings; they are what `host stack` holds machines against each other by.",
  places: [
    '/usr/{bin,sbin,libexec}/*',
    '/bin/*',
    '/sbin/*',
    '/lib/*-linux-gnu/*.so*',
    '/usr/local/{bin,sbin}/*',
    '/opt/**',
  ],
  attack: ['T1554', 'T1036.005'],
  guide: ['B09', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1036/005/'],
  wants: ({ path, type, mode }) =>
    type === 'file' &&
    (((systemFolders.has(parentOf(path)) || isLocalProgram(path)) && (mode & 0o111) !== 0) ||
      /^\/(?:usr\/)?lib(?:64|\/[a-z0-9_]+-linux-[a-z]+)?\/[^/]+\.so(?:\.[\d.]+)?$/.test(path)),
  *find(context, wanted) {
    const [local, system] = [true, false].map((isLocal) =>
      wanted.filter(({ path }) => isLocalProgram(path) === isLocal),
    );
    yield* itemsOf(system ?? [], 'programs of no package', context, itemOf);
    yield* itemsOf(local ?? [], 'local programs of no package', context, localItemOf);
  },
});

function* itemsOf(
  entries: readonly TreeEntry[],
  what: string,
  context: HostContext,
  toItem: (entry: TreeEntry, context: HostContext) => PersistenceItem,
): Generator<PersistenceItem> {
  let count = 0;
  for (const entry of entries) {
    if (context.ownership.standing(entry.path).kind !== 'unowned') continue;
    if (++count > maxItems) {
      context.notChecked(what, `there are more than ${maxItems}`);
      return;
    }
    yield toItem(entry, context);
  }
}

function localItemOf({ path, size }: TreeEntry, { tree, accounts }: HostContext): PersistenceItem {
  const digest = size > maxHashedBytes ? undefined : digestOf(tree, path, 'sha256');
  return {
    path,
    rule: 'local',
    title: 'local program',
    // Root has no reason to run what stands in a home.
    user: accounts.atHome(path)?.name ?? 'root',
    unowned: 0,
    signs: digest === undefined ? [] : [{ what: identityOf.digest, value: digest, weight: 0 }],
  };
}

function itemOf({ path }: TreeEntry, { tree, ownership }: HostContext): PersistenceItem {
  const head = tree.read(path, 4) ?? Buffer.alloc(0);
  const signs: Sign[] = [];
  if (isHidden(path)) signs.push({ what: 'is hidden', value: path, weight: 0.65 });
  const original = originalOf(path);
  const twin = ownership.twinOf(path);
  if (twin !== undefined) {
    signs.push({
      what: 'is a copy of a packaged file',
      value: twin.file.path,
      weight: original === undefined ? 0.05 : 0.1,
    });
  }
  if (original !== undefined && !isStandIn(tree, original) && ownership.standing(original).kind === 'changed') {
    signs.push({ what: 'keeps the original of a replaced program', value: original, weight: 0.6 });
  }
  return {
    path,
    title: isElf(head) ? 'program of no package' : 'script of no package',
    runs: readLines(tree, path),
    user: 'root',
    unowned: 0.2,
    signs,
  };
}

/** `who.bak` belongs to `who`. */
function originalOf(path: string): string | undefined {
  const name = /^(?<name>.+?)(?:\.(?:bak|orig|old|real|REAL|1)|-real|_)$/.exec(nameOf(path))?.groups?.['name'];
  return name === undefined ? undefined : `${parentOf(path)}/${name}`;
}
