import { filesAt, filesIn, isExecutable, plainLines, readLines } from '../../locations.ts';
import { defineTechnique } from '../../technique.ts';
import { aptItems } from './apt.ts';
import { maintainerScripts } from './maintainer-scripts.ts';

const scriptFolders = [
  '/etc/apk/commit_hooks.d',
  '/usr/lib/python3/dist-packages/dnf-plugins',
  '/etc/yum/pluginconf.d',
  '/usr/lib/yum-plugins',
  '/etc/dnf/plugins',
  '/etc/pacman.d/hooks',
  '/usr/lib/zypp/plugins/commit',
  '/usr/share/libalpm/hooks',
  '/etc/needrestart/hook.d',
  '/etc/needrestart/restart.d',
  '/etc/needrestart/notify.d',
  '/etc/kernel/preinst.d',
  '/etc/kernel/postinst.d',
  '/etc/kernel/prerm.d',
  '/etc/kernel/postrm.d',
  '/etc/kernel/install.d',
  '/usr/lib/kernel/install.d',
  '/etc/initramfs/post-update.d',
];
/** Actions of dnf (`package:state:command`), and settings in Perl that needrestart runs. */
const settingFolders = [
  '/etc/dnf/plugins/post-transaction-actions.d',
  '/etc/dnf/libdnf5-plugins/actions.d',
  '/etc/needrestart/conf.d',
];
const callPattern = /^[^#:\n]*:[\w-]*:(?<action>\S.*)$|\b(?:system|exec|qx)\b\s*\(?\s*["'{](?<call>[^"'}\n]+)/;

export const technique = defineTechnique({
  id: 'package-manager',
  title: 'Hooks of package managers',
  description:
    'Commands that apt, dpkg, apk, yum, dnf, pacman and needrestart run as root before and after their work, programs that stand in for theirs, sources that nobody signs, and maintainer scripts of installed packages that were changed after the package was unpacked or that fetch what they run.',
  places: [
    '/etc/apt/apt.conf',
    '/etc/apt/apt.conf.d/*',
    '/etc/apt/sources.list.d/*',
    '/etc/dpkg/dpkg.cfg.d/*',
    '/var/lib/dpkg/info/*',
    '/etc/apk/commit_hooks.d/*',
    '/etc/yum/pluginconf.d/*',
    '/etc/dnf/plugins/**',
    '/etc/pacman.d/hooks/*',
    '/etc/needrestart/**',
    '/etc/kernel/*.d/*',
  ],
  attack: ['T1546.016'],
  guide: ['B02', 'B11'],
  references: [
    'https://manpages.debian.org/bookworm/apt/apt.conf.5.en.html',
    'https://attack.mitre.org/techniques/T1546/016/',
  ],
  *find({ tree }) {
    yield* aptItems(tree);
    for (const { path } of [...filesAt(tree, ['/etc/dpkg/dpkg.cfg']), ...filesIn(tree, ['/etc/dpkg/dpkg.cfg.d'])]) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const command = /^(?:pre|post)-invoke[= ]["']?(?<command>[^"']+)/.exec(text)?.groups?.['command'];
        if (command !== undefined) yield { path, line, title: 'hook of dpkg', runs: command, unowned: 0.5 };
      }
    }
    for (const { path } of filesIn(tree, scriptFolders)) {
      const isScript = path.startsWith('/etc/apk/') || path.startsWith('/etc/kernel/');
      if (isScript && !isExecutable(tree, path)) continue;
      yield { path, title: 'hook of a package manager', runs: readLines(tree, path), unowned: 0.45 };
    }
    for (const { path } of filesIn(tree, settingFolders)) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const { action, call } = callPattern.exec(text)?.groups ?? {};
        const command = action ?? call;
        if (command === undefined) continue;
        const sign = { what: 'is run after packages have changed', value: text, weight: 0.2 };
        yield { path, line, title: 'hook of a package manager', runs: command, unowned: 0.2, signs: [sign] };
      }
    }
    yield* maintainerScripts(tree);
  },
});
