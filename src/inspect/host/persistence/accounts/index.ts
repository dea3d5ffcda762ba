import type { FileTree } from '../../../tree/tree.ts';
import { canLogIn, isService, type Account } from '../../accounts.ts';
import { isHidden, isTemporary } from '../../../../match/commands/paths.ts';
import { defineTechnique, type HostContext, type PersistenceItem, type Sign } from '../../technique.ts';

/** Members can become root, or read everything, without more. */
const strongGroups = new Set([
  'sudo',
  'wheel',
  'admin',
  'docker',
  'lxd',
  'incus-admin',
  'disk',
  'shadow',
  'kmem',
  'root',
  'adm',
]);
const rootGroups = new Set(['sudo', 'wheel', 'admin', 'docker', 'lxd', 'incus-admin', 'disk', 'root']);
const passwd = '/etc/passwd';
/** Accounts with one number that are named. */
const maxNamed = 10;

export const technique = defineTechnique({
  id: 'accounts',
  title: 'Accounts',
  description:
    'Second accounts with UID 0, empty passwords, two accounts with one number, service accounts that got a shell and a password, service accounts in groups that lead to root, and hidden or look-alike names.',
  places: ['/etc/passwd', '/etc/shadow', '/etc/group'],
  attack: ['T1136.001', 'T1098'],
  guide: ['B09'],
  references: ['https://attack.mitre.org/techniques/T1136/001/'],
  *find(context) {
    const { accounts } = context;
    if (accounts.all.length > 0 && accounts.all.every(({ password }) => password === undefined)) {
      context.notChecked('passwords of accounts', '/etc/shadow cannot be read');
    }
    const byNumber = Map.groupBy(accounts.all, ({ uid }) => uid);
    const delivered = deliveredShells(context.tree);
    for (const account of accounts.all) {
      yield* doorsOf(account);
      yield* shellDoor(account, delivered);
      const sharing = byNumber.get(account.uid) ?? [];
      if (sharing.length > 1 && account.uid !== 0 && sharing[0]?.name !== account.name) {
        yield itemOf(account, 'shared-uid', 'account', {
          what: 'has the number of another account',
          value: namesOf(sharing),
          weight: 0.5,
        });
      }
    }
    yield* memberships(context);
  },
});

function namesOf(sharing: readonly Account[]): string {
  const names = sharing.slice(0, maxNamed).map(({ name }) => name);
  const more = sharing.length - names.length;
  return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
}

function* doorsOf(account: Account): Generator<PersistenceItem> {
  const { name, uid, shell } = account;
  if (uid === 0 && name !== 'root' && (canLogIn(account) || !usualRootNames.has(name))) {
    const sign = { what: 'has the rights of root', value: `${name}, UID 0`, weight: 0.95 };
    yield itemOf(account, 'uid0', 'second root account', sign);
  }
  yield* passwordDoors(account);
  if (/^[.\s]|\s$|[^\x20-\x7e]/.test(name)) {
    const sign = { what: 'has a name that hides', value: JSON.stringify(name), weight: 0.6 };
    yield itemOf(account, 'odd-name', 'account', sign);
  }
  if (isTemporary(shell) || isHidden(shell)) {
    const what = isTemporary(shell) ? 'has a shell where anybody may write' : 'has a shell that is hidden';
    yield itemOf(account, 'odd-shell', 'account', { what, value: shell, weight: 0.7 });
  }
  if (account.gid === 0 && uid !== 0 && canLogIn(account) && !usualRootNames.has(name)) {
    const sign = { what: 'may do what the group of root may', value: `${name}, GID 0`, weight: 0.5 };
    yield itemOf(account, 'group', 'account', sign);
  }
}

/** Shells of Debian's own accounts as its package delivers them. */
function deliveredShells(tree: FileTree): Map<string, string> {
  const text = tree.read('/usr/share/base-passwd/passwd.master', 2 ** 20)?.toString('utf8') ?? '';
  return new Map(text.split('\n').map((line) => [line.split(':')[0] ?? '', line.split(':')[6]?.trim() ?? '']));
}

/** Accounts of programs under which nobody ever works at a shell. */
const programNames =
  /^(?:daemon|bin|sys|games|man|lp|mail|news|uucp|proxy|www-data|backup|list|irc|gnats|nobody|_\w+|messagebus|sshd|systemd-[\w-]+|mysql|redis|nginx|apache|http|tomcat\d*|ntp|chrony|avahi|polkitd|dnsmasq|postfix|ftp)$/;

function* shellDoor(account: Account, delivered: ReadonlyMap<string, string>): Generator<PersistenceItem> {
  const { name, uid, shell } = account;
  const before = delivered.get(name);
  const isChanged = before === undefined ? programNames.test(name) : before !== shell;
  if (uid === 0 || !isChanged || !canLogIn(account) || !shell.endsWith('sh')) return;
  yield itemOf(account, 'service-shell', 'account of a program', {
    what: 'got a shell',
    value: `${name} (${shell})`,
    weight: 0.5,
  });
}

/** Alpine and the BSDs have such lines, without a shell. */
const usualRootNames = new Set(['toor', 'halt', 'shutdown', 'sync', 'operator']);

function* passwordDoors(account: Account): Generator<PersistenceItem> {
  const { name, uid, password, shell } = account;
  const value = `${name} (${shell})`;
  if (password === '' && canLogIn(account)) {
    yield itemOf(account, 'empty-password', 'account without a password', {
      what: 'lets everybody in',
      value,
      weight: 0.92,
    });
  }
  // A hash; what begins with ! or * lets nobody in.
  if (password === undefined || !/^[\w$./][\w./$=,+-]{7,}$/.test(password)) return;
  if (uid > 0 && uid < 1000) {
    const weight = canLogIn(account) ? 0.7 : 0.5;
    yield itemOf(account, 'service-login', 'account of a service', { what: 'got a password', value, weight });
  } else if (!canLogIn(account)) {
    yield itemOf(account, 'service-login', 'account that cannot log in', {
      what: 'got a password',
      value,
      weight: 0.45,
    });
  }
}

/** Memberships that distributions deliver: Alpine's and Red Hat's. */
const deliveredMembers: ReadonlySet<string> = new Set([
  'adm in disk',
  'daemon in adm',
  'syslog in adm',
  'logcheck in adm',
]);

function* memberships({ accounts, ownership }: HostContext): Generator<PersistenceItem> {
  if (ownership.standing('/etc/group').kind === 'packaged') return;
  for (const { name: group, gid, members, line } of accounts.groups) {
    if (!strongGroups.has(group) && gid !== 0) continue;
    const all = new Set([
      ...members,
      ...accounts.all.filter((account) => account.gid === gid && gid !== 0).map(({ name }) => name),
    ]);
    for (const member of all) {
      const account = accounts.named(member);
      const isDelivered = member === group || deliveredMembers.has(`${member} in ${group}`);
      if (account === undefined || account.uid === 0 || !isService(account) || isDelivered) continue;
      const isRootLike = rootGroups.has(group);
      yield {
        path: '/etc/group',
        line,
        rule: 'group',
        title: 'account of a service in a strong group',
        user: member,
        unowned: 0,
        isJudgedAnyway: true,
        attack: ['T1098'],
        signs: [
          {
            what: isRootLike ? 'can become root through its group' : 'can read what others may not',
            value: `${member} in ${group}`,
            weight: isRootLike ? 0.7 : 0.2,
          },
        ],
      };
    }
  }
}

function itemOf({ name, line }: Account, rule: string, title: string, sign: Sign): PersistenceItem {
  return { path: passwd, line, rule, title, user: name, unowned: 0, isJudgedAnyway: true, signs: [sign] };
}
