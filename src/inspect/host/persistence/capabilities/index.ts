import { nameOf } from '../../../tree/tree.ts';
import { isInterpreter } from '../../../../match/commands/programs.ts';
import { pathSigns } from '../../../../match/commands/paths.ts';
import { shellEscapes } from '../../shell-escapes.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';
import { namesOfCapabilities, parseFileCapabilities } from '../../vfs-cap.ts';

/** With one of these a program can make itself root. */
const rootLike = new Set([
  'cap_setuid',
  'cap_setgid',
  'cap_sys_admin',
  'cap_dac_override',
  'cap_dac_read_search',
  'cap_sys_ptrace',
  'cap_sys_module',
  'cap_sys_rawio',
  'cap_chown',
  'cap_fowner',
  'cap_setfcap',
  'cap_mknod',
  'cap_bpf',
  'cap_sys_chroot',
]);

export const technique = defineTechnique({
  id: 'capabilities',
  title: 'File capabilities',
  description:
    'Rights of root that the extended attribute security.capability gives to a program. Those that lead to root count, more on a program without a package and on an interpreter, which gives them to any script.',
  places: ['every executable file with security.capability'],
  attack: ['T1548.001'],
  guide: ['B09', 'B11'],
  references: [
    'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    'https://attack.mitre.org/techniques/T1548/001/',
  ],
  wants: ({ type, mode }) => type === 'file' && (mode & 0o111) !== 0,
  *find(context, wanted) {
    const { tree } = context;
    if (tree.xattrs === undefined) {
      context.notChecked('file capabilities', 'this tree does not tell extended attributes');
      return;
    }
    for (const { path } of wanted) {
      const value = tree.xattrs(path).get('security.capability');
      const names = value === undefined ? [] : namesOfCapabilities(parseFileCapabilities(value) ?? 0n);
      if (names.length === 0) continue;
      const signs = signsOf(path, names, context);
      const isPackaged = context.ownership.standing(path).kind === 'packaged';
      yield {
        path,
        title: 'program with rights of root',
        unowned: 0.35,
        changed: 0.8,
        signs,
        ...(isPackaged && signs.some(({ weight }) => weight > 0.5) ? { isJudgedAnyway: true as const } : {}),
      };
    }
  },
});

function signsOf(path: string, names: readonly string[], { ownership }: HostContext): Sign[] {
  const strong = names.filter((name) => rootLike.has(name));
  const isPackaged = ownership.standing(path).kind === 'packaged';
  const signs: Sign[] = [{ what: 'has', value: names.join(', '), weight: 0 }];
  if (strong.length > 0) {
    signs.push({ what: 'can make itself root', value: strong.join(', '), weight: isPackaged ? 0.1 : 0.5 });
  } else if (!isPackaged) signs.push({ what: 'has more rights than others', value: names.join(', '), weight: 0.1 });
  const twin = ownership.twinOf(path)?.file.path ?? path;
  const givesShell = isInterpreter(twin) || shellEscapes.has(nameOf(twin).replace(/[\d.]+$/, ''));
  if (givesShell && strong.length > 0) signs.push({ what: 'gives its rights to any script', value: twin, weight: 0.6 });
  return isPackaged ? signs : [...signs, ...pathSigns(path, '')];
}
