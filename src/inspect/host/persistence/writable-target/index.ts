import type { TreeEntry } from '../../../tree/tree.ts';
import { defineTechnique, type HostContext, type Sign } from '../../technique.ts';

/** Where root runs programs from and reads settings. Logs, spools and caches belong to their daemons. */
const systemFolders = /^\/(?:etc|usr|bin|sbin|lib(?:32|64|x32)?|boot|opt|srv|root|var\/spool\/cron)(?:\/|$)/;
/** Whoever may write one of these is root. */
const doors =
  /^\/etc\/(?:passwd|shadow|gshadow|group|sudoers|ld\.so\.preload|crontab|profile|bash\.bashrc|environment|inittab|ld\.so\.conf|(?:cron\.[a-z]+|sudoers\.d|systemd|pam\.d|init\.d|profile\.d|ssh|udev|rc\d\.d|apt)(?:\/|$).*)$/;
/** Where only root's packages put programs. */
const programFolders = /^(?:\/usr)?\/(?:s?bin|libexec|lib\/systemd|lib\/(?:[\w-]+-linux-gnu\/)?security)\/[^/]+$/;
const othersMayWrite = 0o002;
const sticky = 0o1000;

export const technique = defineTechnique({
  id: 'writable-target',
  title: 'Programs and settings of root that others may change',
  description:
    'Files and folders of the system that anybody may write to, and packaged programs that somebody else than root owns: whoever may change what root runs is root. The jobs, units and rights that run such a file are told by their own techniques too.',
  places: ['/etc/**', '/usr/**', '/bin/*', '/sbin/*', '/lib/**', '/opt/**', '/srv/**', '/boot/**'],
  attack: ['T1222.002', 'T1574.010'],
  guide: ['B09'],
  references: ['https://attack.mitre.org/techniques/T1574/010/'],
  wants: ({ path, type, mode, uid }) => {
    if (type !== 'file' && type !== 'directory') return false;
    if (uid !== 0 && programFolders.test(path)) return true;
    const isOpen = (mode & othersMayWrite) !== 0 && (type === 'file' || (mode & sticky) === 0);
    return isOpen && systemFolders.test(path);
  },
  *find(context, wanted) {
    for (const entry of wanted) {
      const { path, mode, uid, type } = entry;
      const isOpen = (mode & othersMayWrite) !== 0;
      const sign = isOpen ? openSign(entry) : ownerSign(entry, context);
      if (sign === undefined) continue;
      yield {
        path,
        title: type === 'directory' ? 'folder of the system' : 'file of the system',
        user: context.accounts.nameOf(uid),
        unowned: 0,
        isJudgedAnyway: true,
        signs: [sign],
      };
    }
  },
});

function openSign({ path, mode, type }: TreeEntry): Sign {
  const value = `${path}, mode ${mode.toString(8)}`;
  if (doors.test(path)) return { what: 'lets anybody become root', value, weight: 0.92 };
  if (programFolders.test(path) || programFolders.test(`${path}/x`)) {
    return { what: 'lets anybody change what others run', value, weight: 0.8 };
  }
  const isRun = type === 'file' && (mode & 0o111) !== 0;
  return { what: 'may be changed by anybody', value, weight: isRun ? 0.5 : 0.1 };
}

/** A program that is set-id to the account of a service belongs to it by its package: at(1), man(1). */
function ownerSign({ path, uid, mode }: TreeEntry, { accounts, ownership }: HostContext): Sign | undefined {
  if ((mode & 0o6000) !== 0 || ownership.ownerOf(path) === undefined) return undefined;
  const owner = accounts.withUid(uid)?.name ?? `uid ${uid}`;
  return { what: 'belongs to somebody else than root', value: `${path} of ${owner}`, weight: 0.5 };
}
