import { filesAt, filesIn, plainLines, readLines } from '../../locations.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

/** Settings that name a program which the kernel starts as root, with what they are set to without anybody's doing. */
const helpers: Readonly<Record<string, RegExp>> = {
  'kernel.core_pattern':
    /^(?!\|)|^\|\/(?:usr\/)?(?:lib\/systemd\/systemd-coredump|share\/apport\/apport|libexec\/abrt-hook-ccpp|bin\/false)\b/,
  'kernel.modprobe': /^\/(?:usr\/)?s?bin\/modprobe$|^$/,
  'kernel.hotplug': /^$/,
  'kernel.poweroff_cmd': /^\/(?:usr\/)?s?bin\/poweroff$/,
};
const folders = ['/etc/sysctl.d', '/run/sysctl.d', '/usr/local/lib/sysctl.d', '/usr/lib/sysctl.d', '/lib/sysctl.d'];

export const technique = defineTechnique({
  id: 'kernel-helper',
  title: 'Programs that the kernel starts',
  description:
    'Handlers of crashes, modprobe and others that the kernel starts as root, as set in sysctl files and on a running host, and settings that switch protection of the kernel off.',
  places: ['/etc/sysctl.conf', '/etc/sysctl.d/*', '/proc/sys/kernel/{core_pattern,modprobe,hotplug,poweroff_cmd}'],
  attack: ['T1546'],
  guide: ['B11'],
  references: ['https://man7.org/linux/man-pages/man5/core.5.html'],
  *find(context) {
    const { tree, live } = context;
    for (const { path } of [
      ...filesAt(tree, ['/etc/sysctl.conf']),
      ...filesIn(tree, folders, (name) => name.endsWith('.conf')),
    ]) {
      for (const { line, text } of plainLines(readLines(tree, path))) {
        const { key = '', value = '' } = /^-?(?<key>[\w./-]+)\s*=\s*(?<value>.*)$/.exec(text)?.groups ?? {};
        yield* settingOf(context, path, key.replaceAll('/', '.'), value.trim(), line);
      }
    }
    if (live === undefined) return;
    for (const key of Object.keys(helpers)) {
      const file = `sys/${key.replaceAll('.', '/')}`;
      if (live.proc.exists(file)) yield* settingOf(context, `/proc/${file}`, key, live.proc.text(file).trim());
    }
  },
});

function* settingOf(
  { ownership }: HostContext,
  path: string,
  key: string,
  value: string,
  line?: number,
): Generator<PersistenceItem> {
  const usual = helpers[key];
  if (usual === undefined || usual.test(value)) return;
  const program = /\/\S+/.exec(value)?.[0];
  const signs: Sign[] = [{ what: 'has the kernel start a program as root', value: `${key} = ${value}`, weight: 0.35 }];
  if (program !== undefined && ownership.standing(program).kind === 'unowned') {
    signs.push({ what: 'starts what belongs to no package', value: program, weight: 0.35 });
  }
  yield {
    path,
    ...(line === undefined ? {} : { line }),
    rule: key.slice(key.lastIndexOf('.') + 1).replaceAll('_', '-'),
    title: 'program that the kernel starts',
    targets: program === undefined ? [] : [program],
    unowned: 0.15,
    signs,
    ...(line === undefined ? { isJudgedAnyway: true as const } : {}),
  };
}
