import { nameOf } from '../../../tree/tree.ts';
import { isInterpreter } from '../../../../match/commands/programs.ts';
import { isElf } from '../../locations.ts';
import { pathSigns } from '../../../../match/commands/paths.ts';
import { shellEscapes } from '../../shell-escapes.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

export const technique = defineTechnique({
  id: 'suid',
  title: 'Set-id programs',
  description:
    'Programs that run as their owner or group whoever starts them. One without a package counts, more when it is a copy of a shell, a program that gives one, hidden, or owned by root; of a packaged one that it differs, or that it gives a shell and its package did not make it set-id.',
  places: ['every file with mode u+s or g+s'],
  attack: ['T1548.001'],
  guide: ['B09', 'B11'],
  references: ['https://attack.mitre.org/techniques/T1548/001/', 'https://gtfobins.github.io/#+suid'],
  wants: ({ type, mode }) => type === 'file' && ((mode & 0o4100) === 0o4100 || (mode & 0o2010) === 0o2010),
  *find(context, wanted) {
    for (const { path, mode, uid, gid } of wanted) {
      const isRoot = (mode & 0o4000) !== 0 ? uid === 0 : gid === 0;
      const signs = signsOf(path, context);
      const standing = context.ownership.standing(path).kind;
      // A packaged program may be set-id only if its package says so; dpkg keeps no modes, so names decide.
      if (standing === 'packaged' && !signs.some(({ weight }) => weight >= 0.5)) continue;
      const isForeign = standing === 'unowned' || standing === 'unknown';
      yield {
        path,
        title: `set-${(mode & 0o4000) === 0 ? 'group' : 'user'}-id program`,
        unowned: isRoot ? 0.6 : 0.3,
        changed: 0.85,
        signs: [...signs, ...(isForeign ? pathSigns(path, '') : [])],
        user: (mode & 0o4000) === 0 ? 'root' : context.accounts.nameOf(uid),
        ...(standing === 'packaged' ? { isJudgedAnyway: true as const } : {}),
      };
    }
  },
});

/** Set-id by their packages, though they could be turned into a shell. */
const setIdByPackage = new Set([
  'su',
  'sudo',
  'pkexec',
  'doas',
  'mount',
  'umount',
  'at',
  'crontab',
  'screen',
  'bbsuid',
  'nmap',
  'busybox-suid',
]);

function signsOf(path: string, { tree, ownership }: HostContext): Sign[] {
  const name = nameOf(path);
  const signs: Sign[] = [];
  const twin = ownership.standing(path).kind === 'packaged' ? undefined : ownership.twinOf(path);
  const twinName = twin === undefined ? '' : nameOf(twin.file.path);
  if (twin !== undefined && (isInterpreter(twinName) || shellEscapes.has(twinName))) {
    signs.push({ what: 'is a copy of a program that gives a shell', value: twin.file.path, weight: 0.8 });
  } else if (shellEscapes.has(name) && !setIdByPackage.has(name)) {
    signs.push({ what: 'gives a shell to whoever starts it', value: name, weight: 0.7 });
  }
  const head = tree.read(path, 4);
  if (head !== undefined && !isElf(head)) {
    signs.push({ what: 'is no program in machine code', value: head.toString('latin1'), weight: 0.1 });
  }
  return signs;
}
