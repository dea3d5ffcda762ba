import { append } from '../../../../base/multimap.ts';
import { nameOf, type FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, foldersIn, isExecutable, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type Sign } from '../../technique.ts';

const settingFolders = ['/etc/default', '/etc/conf.d', '/etc/sysconfig'];
const scripts = ['/etc/rc.local', '/etc/rc.d/rc.local', '/etc/init.d/rc.local', '/etc/rc.boot', '/etc/rc.sysinit'];

export const technique = defineTechnique({
  id: 'rc',
  title: 'Start scripts of init',
  description:
    'SysV and OpenRC start scripts with the run levels that they are linked into, the settings that they read, rc.local, local.d, and the lines of inittab. A script without a package counts; more when it is linked, and by what it runs.',
  places: [
    '/etc/init.d/*',
    '/etc/rc?.d/*',
    '/etc/runlevels/*/*',
    '/etc/local.d/*',
    '/etc/rc.local',
    '/etc/inittab',
    '/etc/{default,conf.d,sysconfig}/*',
  ],
  attack: ['T1037.004'],
  guide: ['B11'],
  references: ['https://attack.mitre.org/techniques/T1037/004/'],
  *find({ tree, ownership }) {
    for (const { path } of filesAt(tree, scripts)) {
      if (!isExecutable(tree, path)) continue;
      const runs = readLines(tree, path);
      yield { path, title: 'rc.local', runs, unowned: isIdle(runs) ? 0 : 0.5 };
    }
    const levels = linkedLevels(tree);
    for (const { path } of filesIn(tree, ['/etc/init.d', '/etc/rc.d/init.d', '/etc/local.d'])) {
      if (scripts.includes(path) || !isExecutable(tree, path)) continue;
      const at = levels.get(nameOf(path)) ?? (path.startsWith('/etc/local.d/') ? ['local'] : []);
      const runs = readLines(tree, path);
      yield { path, title: 'start script', runs, targets: daemonsOf(runs), unowned: 0.35, signs: signsOf(at, runs) };
    }
    for (const { path } of [...filesAt(tree, ['/etc/rc.conf']), ...filesIn(tree, settingFolders)]) {
      // Start scripts read them as root: what they hold is run as it stands.
      yield { path, title: 'settings of start scripts', runs: readLines(tree, path), user: 'root', unowned: 0 };
    }
    yield* inittab(tree, ownership.standing('/etc/inittab').kind === 'unowned');
  },
});

/** True for the rc.local that distributions and hosters leave for whoever may want to write into it: it does nothing. */
function isIdle(script: string): boolean {
  const head = script.split('\n', 1)[0] ?? '';
  if (head.startsWith('#!') && !/^#! ?\/(?:usr\/)?bin\/(?:ba|da)?sh(?: -[eux]+)?\s*$/.test(head)) return false;
  return [...plainLines(script)].every(({ text }) => /^(?:set [-+]\w+|:|true|exit(?: 0)?);?$/.test(text.trim()));
}

/** Programs that a start script names in a variable: `DAEMON=` of SysV, `command=` of OpenRC. */
function daemonsOf(text: string): string[] {
  return [...text.matchAll(/^\s*(?:command|DAEMON|PROG|exec)\w{0,20}=["']?(?<path>\/[^\s"']{1,4096})/gm)].map(
    ({ groups }) => groups?.['path'] ?? '',
  );
}

function signsOf(levels: readonly string[], text: string): Sign[] {
  const signs: Sign[] = [];
  if (levels.length > 0) signs.push({ what: 'is linked into run levels', value: levels.join(' '), weight: 0.15 });
  if (!text.includes('### BEGIN INIT INFO') && !/^#!.*openrc-run/.test(text)) {
    signs.push({ what: 'has no header that says when to start', value: 'INIT INFO', weight: 0.1 });
  }
  return signs;
}

/** Levels by the name of the script that a start link leads to. */
function linkedLevels(tree: FileTree): Map<string, string[]> {
  const levels = new Map<string, string[]>();
  const folders = [
    ...['0', '1', '2', '3', '4', '5', '6', 'S'].flatMap((level) => [`/etc/rc${level}.d`, `/etc/rc.d/rc${level}.d`]),
    ...[...foldersIn(tree, '/etc/runlevels')].map(({ path }) => path),
  ];
  for (const folder of folders) {
    for (const { path, target } of filesIn(tree, [folder])) {
      if (target === undefined || /^K\d\d/.test(nameOf(path))) continue;
      const script = nameOf(target);
      append(levels, script, nameOf(folder).replace(/^rc|\.d$/g, ''));
    }
  }
  return levels;
}

/** `id:levels:action:process` (inittab(5)). */
function* inittab(tree: FileTree, isUnowned: boolean) {
  for (const { line, text } of plainLines(readLines(tree, '/etc/inittab'))) {
    const process = text.split(':').slice(3).join(':');
    if (
      process === '' ||
      /getty|\/sbin\/(?:openrc|init|shutdown|swapoff|rc)|\/etc\/init\.d\/|\/bin\/umount/.test(process)
    ) {
      continue;
    }
    const isBare = /^-?(?:\/\S*\/)?(?:ba|da|a|z|k)?sh\s*$/.test(process);
    yield {
      path: '/etc/inittab',
      line,
      title: 'line of inittab',
      runs: process,
      unowned: isUnowned ? 0.1 : 0,
      signs: isBare ? [{ what: 'gives a shell without a login', value: text, weight: 0.5 }] : [],
    };
  }
}
