import type { HostContext } from './host-context.ts';

/** One line of passwd(5). */
export interface User {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly description: string;
  readonly home: string;
  readonly shell: string;
}

/** One line of group(5). */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

export interface Accounts {
  readonly users: readonly User[];
  readonly groups: readonly Group[];
  /** First account of a number, as getpwuid(3) gives it. */
  userName(uid: number): string | undefined;
  groupName(gid: number): string | undefined;
}

/** Accounts of /etc/passwd and /etc/group. Other sources of nsswitch.conf (LDAP, sssd) are not asked. */
export function readAccounts(context: HostContext): Accounts {
  const users: User[] = [];
  for (const [name = '', , uid, gid, description = '', home = '', shell = ''] of records(context, '/etc/passwd', 7)) {
    users.push({ name, uid: Number(uid), gid: Number(gid), description, home, shell });
  }
  const groups: Group[] = [];
  for (const [name = '', , gid, members = ''] of records(context, '/etc/group', 4)) {
    groups.push({ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') });
  }
  const userNames = new Map<number, string>();
  for (const { uid, name } of users) if (!userNames.has(uid)) userNames.set(uid, name);
  const groupNames = new Map<number, string>();
  for (const { gid, name } of groups) if (!groupNames.has(gid)) groupNames.set(gid, name);
  return { users, groups, userName: (uid) => userNames.get(uid), groupName: (gid) => groupNames.get(gid) };
}

/** Lines of `:`-parted fields; a line with a wrong count or a number that is none is a problem, as the C library skips it. */
function* records(context: HostContext, path: string, count: number): Generator<string[]> {
  for (const [index, line] of context.lines(path).entries()) {
    if (line === '' || line.startsWith('#') || line.startsWith('+') || line.startsWith('-')) continue;
    const fields = line.split(':');
    const numbers = count === 7 ? fields.slice(2, 4) : fields.slice(2, 3);
    if (fields.length === count && numbers.every((number) => /^\d{1,10}$/.test(number))) yield fields;
    else context.complain('bad-record', `${path}:${index + 1}`, `line ${index + 1} is no account`);
  }
}
