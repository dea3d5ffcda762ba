import { nameOf, parentOf, type FileTree, type TreeEntry } from '../../../tree/tree.ts';
import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import type { LiveHost } from '../../proc/live-host.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

const loadFolders = [
  '/etc/modules-load.d',
  '/run/modules-load.d',
  '/usr/local/lib/modules-load.d',
  '/usr/lib/modules-load.d',
];
const modprobeFolders = [
  '/etc/modprobe.d',
  '/run/modprobe.d',
  '/usr/local/lib/modprobe.d',
  '/usr/lib/modprobe.d',
  '/lib/modprobe.d',
];
const filePattern = /\/modules\/[^/]+\/.*\.ko(?:\.(?:xz|zst|gz))?$/;
/** The kernel looks for it at the end of a signed module. */
const signatureMark = '~Module signature appended~\n';

export const technique = defineTechnique({
  id: 'kernel-module',
  title: 'Kernel modules',
  description:
    'Modules that are loaded at boot and whose file no package owns, commands that modprobe runs instead of loading one, module files without a package, and on a running host modules that hide from one of its two lists, and the taint of unsigned ones.',
  places: [
    '/etc/modules',
    '/etc/modules-load.d/*',
    '/etc/modprobe.d/*',
    '/lib/modules/**.ko*',
    '/proc/modules',
    '/sys/module/*',
  ],
  attack: ['T1547.006', 'T1014'],
  guide: ['B03', 'B27'],
  references: [
    'https://attack.mitre.org/techniques/T1547/006/',
    'https://docs.kernel.org/admin-guide/tainted-kernels.html',
  ],
  wants: ({ path, type }) => type === 'file' && filePattern.test(path),
  *find(context, wanted) {
    const { tree, ownership } = context;
    const files = new Map(wanted.map((entry) => [moduleName(entry.path), entry]));
    for (const { path } of [
      ...filesAt(tree, ['/etc/modules']),
      ...filesIn(tree, loadFolders, (name) => name.endsWith('.conf')),
    ]) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        if (text.startsWith(';')) continue;
        const name = (text.split(/\s+/)[0] ?? '').replaceAll('-', '_');
        yield {
          path,
          line,
          title: 'module loaded at boot',
          unowned: 0.2,
          signs: loadedSigns(context, name, files.get(name)),
        };
      }
    }
    for (const { path } of filesIn(tree, modprobeFolders, (name) => name.endsWith('.conf'))) {
      yield* modprobeLines(tree, path);
    }
    for (const entry of wanted) {
      if (ownership.standing(entry.path).kind === 'packaged') continue;
      yield {
        path: entry.path,
        rule: 'file',
        title: 'kernel module',
        unowned: 0.45,
        changed: 0.8,
        signs: signatureSigns(tree, entry),
      };
    }
    if (context.live !== undefined) yield* loaded(context.live);
  },
});

function moduleName(path: string): string {
  return nameOf(path)
    .replace(/\.ko(?:\.\w+)?$/, '')
    .replaceAll('-', '_');
}

function loadedSigns({ ownership, tree }: HostContext, name: string, file: TreeEntry | undefined): Sign[] {
  if (file === undefined) return [{ what: 'names a module', value: name, weight: 0 }];
  const standing = ownership.standing(file.path);
  if (standing.kind === 'packaged' || standing.kind === 'unknown') return [];
  return [
    { what: 'loads a module that belongs to no package', value: file.path, weight: 0.6 },
    ...signatureSigns(tree, file),
  ];
}

/** Only of uncompressed files: the mark stands inside the compressed ones. Modules that dkms built are signed with its own key, or not at all. */
function signatureSigns(tree: FileTree, { path, size }: TreeEntry): Sign[] {
  if (!path.endsWith('.ko')) return [];
  const end = tree.readAt(path, Math.max(0, size - signatureMark.length), signatureMark.length);
  const folder = nameOf(parentOf(path));
  const isSigned = end?.toString('latin1') === signatureMark;
  return isSigned ? [] : [{ what: 'is not signed', value: `in ${folder}`, weight: folder === 'dkms' ? 0.05 : 0.15 }];
}

function* modprobeLines(tree: FileTree, path: string): Generator<PersistenceItem> {
  for (const { line, text } of plainLines(readLines(tree, path))) {
    const {
      word = '',
      module = '',
      command = '',
    } = /^(?<word>install|remove)\s+(?<module>\S+)\s+(?<command>.+)$/.exec(text)?.groups ?? {};
    if (command === '' || /^\/(?:usr\/)?bin\/(?:true|false)$/.test(command)) continue;
    const isPlain = /^\/?(?:\S*\/)?modprobe\s/.test(command) && !/[;&|]/.test(command);
    yield {
      path,
      line,
      title: 'command that modprobe runs',
      runs: command,
      unowned: 0.2,
      signs: [
        { what: `runs a command to ${word} a module`, value: `${module}: ${command}`, weight: isPlain ? 0.05 : 0.35 },
      ],
    };
  }
}

/** A module that hides takes itself off one list: /proc/modules, or the folders of /sys/module that have a state. */
function* loaded({ proc }: LiveHost): Generator<PersistenceItem> {
  if (!proc.exists('modules')) return;
  const listed = new Map(
    proc
      .text('modules')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.split(' ')[0] ?? '', line]),
  );
  for (const name of proc.names('../sys/module')) {
    if (!proc.exists(`../sys/module/${name}/initstate`) || listed.has(name)) continue;
    yield {
      path: `/sys/module/${name}`,
      rule: 'hidden',
      title: 'hidden kernel module',
      unowned: 0,
      isJudgedAnyway: true,
      attack: ['T1014'],
      signs: [{ what: 'is loaded and does not stand in /proc/modules', value: name, weight: 0.95 }],
    };
  }
  for (const [name, line] of listed) {
    const taint = /\((?<flags>[A-Z+-]+)\)$/.exec(line)?.groups?.['flags'] ?? '';
    if (!/[OE]/.test(taint)) continue;
    const isForced = taint.includes('F');
    yield {
      path: '/proc/modules',
      rule: 'taint',
      title: 'foreign kernel module',
      unowned: 0,
      isJudgedAnyway: true,
      attack: ['T1014'],
      signs: [
        {
          what: isForced ? 'was loaded by force' : 'is built outside the kernel or not signed',
          value: `${name} (${taint})`,
          weight: isForced ? 0.6 : 0.25,
        },
      ],
    };
  }
}
