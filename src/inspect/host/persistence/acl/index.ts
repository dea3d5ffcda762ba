import { nameOf } from '../../../tree/tree.ts';
import { defineTechnique, type HostContext } from '../../technique.ts';
import { writersOf } from './posix-acl.ts';

const watched =
  /^\/(?:etc|root|boot|usr\/s?bin|s?bin|usr\/local\/s?bin|var\/spool\/(?:cron|at)|usr\/lib\/systemd|lib\/systemd)(?:\/|$)/;

export const technique = defineTechnique({
  id: 'acl',
  title: 'Access lists that let others write',
  description:
    'POSIX access lists on files and folders of the system that let an account or group write which the mode does not show: a way back to root that `ls -l` marks with no more than a plus.',
  places: ['/etc', '/root', '/boot', '/usr/{bin,sbin}', '/usr/local/{bin,sbin}', '/var/spool/cron'],
  attack: ['T1222.002'],
  guide: ['B09'],
  references: ['https://man7.org/linux/man-pages/man5/acl.5.html', 'https://attack.mitre.org/techniques/T1222/002/'],
  wants: ({ path, type }) => (type === 'file' || type === 'directory') && watched.test(path),
  *find(context, wanted) {
    const { tree } = context;
    if (tree.xattrs === undefined) {
      context.notChecked('access lists of files', 'this tree does not tell extended attributes');
      return;
    }
    for (const { path, uid } of wanted) {
      const value = tree.xattrs(path).get('system.posix_acl_access');
      if (value === undefined || uid !== 0) continue;
      const writers = writersOf(value).map((writer) => nameIn(context, writer));
      if (writers.length === 0) continue;
      const isSecret = /^(?:shadow|gshadow|sudoers|passwd|authorized_keys|crontab|ld\.so\.preload)$/.test(nameOf(path));
      yield {
        path,
        title: 'file of root',
        unowned: 0,
        isJudgedAnyway: true,
        signs: [
          {
            what: 'may be written by others through an access list',
            value: writers.join(', '),
            weight: isSecret ? 0.8 : 0.55,
          },
        ],
      };
    }
  },
});

function nameIn(
  { accounts }: HostContext,
  { kind, id }: { readonly kind: 'user' | 'group'; readonly id: number },
): string {
  if (kind === 'user') return accounts.nameOf(id);
  return `group ${accounts.groups.find(({ gid }) => gid === id)?.name ?? id}`;
}
