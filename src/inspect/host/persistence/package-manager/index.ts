import type { FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, isExecutable, plainLines, readText } from '../../locations.ts';
import { defineTechnique, type PersistenceItem } from '../../technique.ts';

const hookPattern =
  /(?<key>(?:DPkg|APT)::[\w:-]*(?:Pre|Post)-(?:Invoke(?:-Success)?|Install-Pkgs)|(?:Pre|Post)-(?:Invoke(?:-Success)?|Install-Pkgs))(?:::)?\s*\{?\s*(?<commands>(?:"(?:[^"\\]|\\.){0,4000}"\s*;?\s*){1,50})/g;
const scriptFolders = [
  '/etc/apk/commit_hooks.d',
  '/usr/lib/python3/dist-packages/dnf-plugins',
  '/etc/yum/pluginconf.d',
  '/usr/lib/yum-plugins',
  '/etc/dnf/plugins',
  '/etc/pacman.d/hooks',
  '/etc/kernel/postinst.d',
  '/etc/kernel/postrm.d',
];

export const technique = defineTechnique({
  id: 'package-manager',
  title: 'Hooks of package managers',
  description:
    'Commands that apt, dpkg, apk, yum and dnf run as root before and after their work, and maintainer scripts of installed packages that were changed after the package was unpacked or that fetch what they run.',
  places: [
    '/etc/apt/apt.conf',
    '/etc/apt/apt.conf.d/*',
    '/etc/dpkg/dpkg.cfg.d/*',
    '/var/lib/dpkg/info/*',
    '/etc/apk/commit_hooks.d/*',
    '/etc/yum/pluginconf.d/*',
    '/etc/dnf/plugins/*',
  ],
  attack: ['T1546.016'],
  guide: ['B02', 'B11'],
  references: [
    'https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html',
    'https://attack.mitre.org/techniques/T1546/016/',
  ],
  *find({ tree }) {
    const settings = [...filesAt(tree, ['/etc/apt/apt.conf']), ...filesIn(tree, ['/etc/apt/apt.conf.d'])];
    for (const { path } of settings) yield* aptHooks(path, readText(tree, path));
    for (const { path } of [...filesAt(tree, ['/etc/dpkg/dpkg.cfg']), ...filesIn(tree, ['/etc/dpkg/dpkg.cfg.d'])]) {
      for (const { line, text } of plainLines(readText(tree, path))) {
        const command = /^(?:pre|post)-invoke[= ]["']?(?<command>[^"']+)/.exec(text)?.groups?.['command'];
        if (command !== undefined) yield { path, line, title: 'hook of dpkg', runs: command, unowned: 0.5 };
      }
    }
    for (const { path } of filesIn(tree, scriptFolders)) {
      const isScript = path.startsWith('/etc/apk/') || path.startsWith('/etc/kernel/');
      if (isScript && !isExecutable(tree, path)) continue;
      yield { path, title: 'hook of a package manager', runs: readText(tree, path), unowned: 0.45 };
    }
    yield* maintainerScripts(tree);
  },
});

function* aptHooks(path: string, text: string): Generator<PersistenceItem> {
  const plain = text.replaceAll(/^\s*(?:\/\/|#(?!clear|include)).*$/gm, '');
  for (const { groups, index } of plain.matchAll(hookPattern)) {
    const { key = '', commands = '' } = groups ?? {};
    const runs = [...commands.matchAll(/"(?<command>(?:[^"\\]|\\.)*)"/g)]
      .map((hit) => hit.groups?.['command'] ?? '')
      .join('\n');
    if (runs === '') continue;
    const line = plain.slice(0, index).split('\n').length;
    yield {
      path,
      line,
      title: 'hook of apt',
      runs,
      unowned: 0.35,
      signs: [{ what: 'is run by apt as root', value: key, weight: 0.05 }],
    };
  }
}

/** Seconds between unpacking a package and writing its list that are no sign. */
const slackMicros = 3600 * 1_000_000;

/** dpkg keeps no checksum of them: what tells is their time against that of the list, and what they do. */
function* maintainerScripts(tree: FileTree): Generator<PersistenceItem> {
  const entries = new Map(tree.list('/var/lib/dpkg/info').map((entry) => [entry.path, entry]));
  for (const entry of entries.values()) {
    if (!/\.(?:pre|post)(?:inst|rm)$/.test(entry.path)) continue;
    const list = entries.get(entry.path.replace(/\.\w+$/, '.list'));
    if (list === undefined || entry.mtime <= list.mtime + slackMicros) continue;
    yield {
      path: entry.path,
      title: 'maintainer script',
      runs: readText(tree, entry.path),
      unowned: 0,
      signs: [
        {
          what: 'was changed after its package was unpacked',
          value: new Date(entry.mtime / 1000).toISOString(),
          weight: 0.5,
        },
      ],
      isJudgedAnyway: true,
    };
  }
}
