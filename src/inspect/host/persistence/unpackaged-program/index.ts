import { nameOf, parentOf } from '../../../tree/tree.ts';
import { isElf, readText } from '../../locations.ts';
import { isStandIn } from '../../ownership/stand-in.ts';
import { isHidden } from '../../paths.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

/** Where only packages put programs. */
const systemFolders = new Set(['/usr/bin', '/usr/sbin', '/bin', '/sbin', '/usr/libexec', '/usr/games']);
const maxItems = 500;

export const technique = defineTechnique({
  id: 'unpackaged-program',
  title: 'Programs of no package where packages put theirs',
  description:
    "Programs and scripts in /usr/bin, /usr/sbin and their like, and libraries beside the system's own, that no package owns. `make install` and vendors put some there: they count little unless they are hidden, imitate a name, or hold odd commands.",
  places: ['/usr/{bin,sbin,libexec}/*', '/bin/*', '/sbin/*', '/lib/*-linux-gnu/*.so*'],
  attack: ['T1554', 'T1036.005'],
  guide: ['B09', 'B27'],
  references: ['https://attack.mitre.org/techniques/T1036/005/'],
  wants: ({ path, type, mode }) =>
    type === 'file' &&
    ((systemFolders.has(parentOf(path)) && (mode & 0o111) !== 0) ||
      /^\/(?:usr\/)?lib(?:64|\/[a-z0-9_]+-linux-[a-z]+)?\/[^/]+\.so(?:\.[\d.]+)?$/.test(path)),
  *find(context, wanted) {
    let count = 0;
    for (const { path } of wanted) {
      if (context.ownership.standing(path).kind !== 'unowned') continue;
      if (++count > maxItems) {
        context.notChecked('programs of no package', `there are more than ${maxItems}`);
        return;
      }
      yield itemOf(path, context);
    }
  },
});

function itemOf(path: string, { tree, ownership }: HostContext): PersistenceItem {
  const head = tree.read(path, 4) ?? Buffer.alloc(0);
  const signs: Sign[] = [];
  if (isHidden(path)) signs.push({ what: 'is hidden', value: path, weight: 0.5 });
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
    runs: readText(tree, path),
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
