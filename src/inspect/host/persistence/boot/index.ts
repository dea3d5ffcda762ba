import type { FileTree } from '../../../tree/tree.ts';
import { filesAt, filesIn, foldersIn, isExecutable, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type PersistenceItem, type Sign } from '../../technique.ts';

const stages = [
  'hooks',
  'conf.d',
  ...[
    'init-top',
    'init-premount',
    'init-bottom',
    'local-top',
    'local-block',
    'local-premount',
    'local-bottom',
    'nfs-top',
    'nfs-premount',
    'nfs-bottom',
    'panic',
    'init',
    'local',
  ].map((stage) => `scripts/${stage}`),
];
/** Words of the kernel's command line that switch protection off or put another program first. */
const oddWords: readonly (readonly [RegExp, string, number])[] = [
  [
    /(?:^|[\s"'])(?:rd)?init=(?!\/(?:usr\/)?(?:s?bin\/init|lib\/systemd\/systemd)(?:[\s"']|$))\S+/,
    'starts another program than init',
    0.6,
  ],
  [/\brd\.break\b/, 'stops in a root shell', 0.4],
  [/\bmodule\.sig_enforce=0\b|\blockdown=none\b/, 'lets unsigned modules in', 0.3],
  [/(?:^|[\s"'])audit=0\b/, 'switches audit off', 0.3],
  [/\bsystemd\.(?:debug[-_]shell|run)=?\S*/, 'gives a root shell or runs a command', 0.45],
  [/\b(?:selinux|apparmor|enforcing)=0\b/, 'switches protection off', 0.15],
];

export const technique = defineTechnique({
  id: 'boot',
  title: 'What runs before init',
  description:
    'Scripts and hooks of initramfs-tools and dracut, scripts and settings of the boot loader, the command line of the kernel, and programs in the EFI system partition that no boot loader puts there.',
  places: [
    '/etc/initramfs-tools/**',
    '/usr/share/initramfs-tools/**',
    '/usr/lib/dracut/modules.d/**',
    '/etc/{mkinitfs,initcpio}/**',
    '/etc/default/grub',
    '/etc/default/grub.d/*',
    '/etc/grub.d/*',
    '/boot/grub/grub.cfg',
    '/boot/loader/entries/*',
    '/boot/efi/EFI/**',
    '/proc/cmdline',
  ],
  attack: ['T1542'],
  guide: ['B11', 'B27'],
  references: [
    'https://attack.mitre.org/techniques/T1542/',
    'https://manpages.debian.org/bookworm/initramfs-tools-core/initramfs-tools.7.en.html',
  ],
  wants: ({ path, type }) => type === 'file' && /^\/(?:boot\/efi|efi|boot)\/EFI\/.*\.efi$/i.test(path),
  *find(context, wanted) {
    const { tree, live } = context;
    yield* earlyScripts(tree);
    const settings = [
      ...filesAt(tree, ['/etc/default/grub', '/etc/kernel/cmdline', '/boot/cmdline.txt', '/boot/firmware/cmdline.txt']),
      ...filesIn(tree, ['/etc/default/grub.d', '/boot/loader/entries', '/boot/efi/loader/entries', '/etc/cmdline.d']),
    ];
    for (const { path } of settings) yield* commandLines(path, readLines(tree, path));
    for (const path of ['/boot/grub/grub.cfg', '/boot/grub2/grub.cfg', '/boot/extlinux/extlinux.conf']) {
      yield* commandLines(path, readLines(tree, path));
    }
    for (const { path } of filesIn(tree, ['/etc/grub.d'])) {
      if (isExecutable(tree, path)) {
        const text = readLines(tree, path);
        yield { path, title: 'script of the boot loader', runs: text, unowned: 0.35, signs: oddSigns(text) };
      }
    }
    for (const { path } of wanted) {
      if (!/\/(?:shim|grub|mm|fb|boot|systemd-boot|fwup|mmx|memtest)\w*\.efi$/i.test(path)) {
        yield { path, title: 'program that the firmware can start', unowned: 0.3 };
      }
    }
    if (live !== undefined) yield* commandLines('/proc/cmdline', live.proc.text('cmdline'), true);
  },
});

function* earlyScripts(tree: FileTree): Generator<PersistenceItem> {
  const roots = [
    '/etc/initramfs-tools',
    '/usr/share/initramfs-tools',
    '/usr/local/share/initramfs-tools',
    '/etc/mkinitfs',
  ];
  for (const { path } of filesIn(
    tree,
    roots.flatMap((root) => stages.map((stage) => `${root}/${stage}`)),
  )) {
    const isScript = isExecutable(tree, path) || path.includes('/conf.d/');
    if (isScript) {
      yield {
        path,
        title: 'script that runs before the root is there',
        runs: readLines(tree, path),
        unowned: path.includes('/conf.d/') ? 0.1 : 0.45,
      };
    }
  }
  for (const root of ['/etc/initcpio', '/usr/lib/initcpio']) {
    for (const { path } of filesIn(tree, [`${root}/hooks`, `${root}/install`])) {
      yield { path, title: 'hook of mkinitcpio', runs: readLines(tree, path), unowned: 0.45 };
    }
  }
  for (const { path } of filesIn(tree, ['/etc/mkinitfs/features.d'])) {
    // Paths of files that go into the image.
    const targets = [...plainLines(readLines(tree, path))].map(({ text }) => text);
    yield { path, title: 'feature of mkinitfs', targets, unowned: 0.2 };
  }
  for (const root of ['/usr/lib/dracut/modules.d', '/etc/dracut.conf.d', '/lib/dracut/modules.d']) {
    const folders = [root, ...[...foldersIn(tree, root)].map(({ path }) => path)];
    for (const { path } of filesIn(tree, folders)) {
      yield {
        path,
        title: 'module of dracut',
        runs: readLines(tree, path),
        unowned: root.startsWith('/etc') ? 0.1 : 0.45,
      };
    }
  }
}

function oddSigns(text: string): Sign[] {
  return oddWords.flatMap(([pattern, what, weight]) => {
    const hit = pattern.exec(text)?.[0].trim();
    return hit === undefined ? [] : [{ what, value: hit, weight }];
  });
}

function* commandLines(path: string, text: string, isLive = false): Generator<PersistenceItem> {
  for (const { line, text: content } of plainLines(text)) {
    // Virtual machines and containers are often started with a small init of their own.
    const signs = oddSigns(content).map((sign) => (isLive ? { ...sign, weight: sign.weight / 4 } : sign));
    const program = /(?:^|[\s"'])(?:rd)?init=(?<program>\/[^\s"']+)/.exec(content)?.groups?.['program'];
    if (signs.length === 0) continue;
    yield {
      path,
      line,
      title: 'command line of the kernel',
      ...(program === undefined || isLive ? {} : { targets: [program] }),
      unowned: 0.1,
      signs,
      ...(isLive ? { isJudgedAnyway: true as const } : {}),
    };
  }
}
