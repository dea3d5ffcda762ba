import { nameOf, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { isElf, readLines } from '../../locations.ts';
import { isTemporary } from '../../../../match/commands/paths.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

const systemFolders =
  /^\/(?:usr|lib|lib64|bin|sbin|etc|opt|srv|var\/(?:lib|log|spool|cache|tmp|www|run|lock)|boot|dev|tmp|run)\//;
/** Hidden names that packages, package managers and desktops leave in system folders. */
const usual =
  /\/(?:\.placeholder|\.keep|\.gitkeep|\.empty|\.pwd\.lock|\.updated|\.build-id|\.git[^/]*|\.ci|\.circleci|\.husky|\.github|\.hg|\.svn|\.bin|\.cache|\.npm\w*|\.yarn\w*|\.package-lock\.json|\.X\d+-lock|\.(?:X11|ICE|XIM|font|Test)-unix|\.java|\.venv|\.local|\.config|\.ssh|\.bash_?\w*|\.profile|\.cargo|\.rustup|\.dotnet|\.vscode\w*|\.snapshots?|\.snap\w*|\.meta|\.libs|\.deps|\.uuid|\.hmac|\.dockerenv|\.systemd\w*|\.resolv\S*|\.nvm\w*|\.pnpm|\.store|\.mailcap|\.Trash[^/]*|\.erlang\.cookie|\.s\.PGSQL\S*|\.[^/]*\.hmac|\.lock|\.wh\.[^/]*|\.[^/]*rc(?:\.\w+)?|\.[^/]*ignore|\.editorconfig|\.[^/]*\.ya?ml|\.[^/]*\.json|\.[^/]*attributes)$/;
/** They hold sockets, and never programs. */
const socketFolder = /\/\.(?:X11|ICE|XIM|font|Test)-unix$/;
/** Only packages put programs there. */
const packagedFolders = /^\/(?:usr\/(?!local\/)|etc\/|lib|s?bin\/|boot\/)/;
const deviceFiles = /^\/dev\/(?:shm|mqueue|hugepages|pts|\.udev|\.initramfs|\.lxc|\.lxd-mounts)(?:\/|$)/;

export const technique = defineTechnique({
  id: 'hidden-path',
  title: 'Hidden and odd names',
  description:
    'Programs and scripts below hidden folders or under hidden names in system folders, names of only dots or blanks or with control characters, and plain files among devices. What packages and desktops leave is known.',
  places: ['/usr', '/lib', '/etc', '/opt', '/srv', '/var', '/tmp', '/dev', '/run'],
  attack: ['T1564.001'],
  guide: ['B09'],
  references: ['https://attack.mitre.org/techniques/T1564/001/'],
  wants: ({ path, type, mode }) => {
    if (type !== 'file' && type !== 'directory') return false;
    if (isOddName(nameOf(path))) return true;
    if (path.startsWith('/dev/') && type === 'file') return !deviceFiles.test(path) || (mode & 0o111) !== 0;
    if (type !== 'file' || !systemFolders.test(path)) return false;
    return hiddenPartOf(path) !== undefined && ((mode & 0o111) !== 0 || nameOf(path).startsWith('.'));
  },
  *find(context, wanted) {
    for (const entry of wanted) {
      const item = itemOf(entry, context);
      if (item !== undefined) yield item;
    }
  },
});

/** `...`, ` `, `.. `, names with control characters, or with letters that show nothing. */
function isOddName(name: string): boolean {
  return /^\.{3,}$|^\.*\s+$|^\s|\s$|\p{Cc}|\p{Cf}/u.test(name);
}

/** The path up to its first part that is hidden and not usual. */
function hiddenPartOf(path: string): string | undefined {
  for (let at = path.indexOf('/.'); at >= 0; at = path.indexOf('/.', at + 1)) {
    const end = path.indexOf('/', at + 1);
    const part = end < 0 ? path : path.slice(0, end);
    if (!usual.test(part) || (end >= 0 && socketFolder.test(part))) return part;
  }
  return undefined;
}

function itemOf(entry: TreeEntry, { tree, ownership }: HostContext): PersistenceItem | undefined {
  const { path, mode } = entry;
  const name = nameOf(path);
  const signs: Sign[] = [];
  if (isOddName(name)) {
    signs.push({ what: 'has a name that is not seen', value: JSON.stringify(name), weight: oddWeight(tree, entry) });
  } else if (path.startsWith('/dev/')) {
    signs.push({ what: 'is a plain file among devices', value: path, weight: isProgram(tree, entry) ? 0.55 : 0.25 });
  } else if (isProgram(tree, entry)) {
    signs.push({
      what: 'is a hidden program',
      value: hiddenPartOf(path) ?? path,
      weight: weightAt(path),
    });
    const odd = path.split('/').slice(0, -1).find(isOddName);
    if (odd !== undefined) {
      signs.push({ what: 'lies in a folder whose name is not seen', value: JSON.stringify(odd), weight: 0.5 });
    }
  } else return undefined;
  if (ownership.standing(path).kind === 'packaged') return undefined;
  const twin =
    entry.type === 'file' && entry.size < 2 ** 26 && (mode & 0o111) !== 0 ? ownership.twinOf(path) : undefined;
  if (twin !== undefined) signs.push({ what: 'is a copy of a packaged program', value: twin.file.path, weight: 0.3 });
  const runs = entry.type === 'file' ? readLines(tree, path) : '';
  return {
    path,
    title: entry.type === 'directory' ? 'hidden folder' : 'hidden file',
    runs,
    unowned: 0.1,
    signs,
    user: nameOf(parentOf(path)) === 'tmp' ? 'nobody' : 'root',
  };
}

function oddWeight(tree: FileTree, entry: TreeEntry): number {
  if (isProgram(tree, entry)) return 0.6;
  return entry.type === 'directory' ? 0.5 : 0.35;
}

function weightAt(path: string): number {
  if (isTemporary(path)) return 0.5;
  return packagedFolders.test(path) ? 0.45 : 0.35;
}

function isProgram(tree: FileTree, { path, mode, type }: TreeEntry): boolean {
  if (type !== 'file') return false;
  const head = tree.read(path, 4);
  if (head === undefined) return false;
  return isElf(head) || ((mode & 0o111) !== 0 && head.subarray(0, 2).toString('latin1') === '#!');
}
