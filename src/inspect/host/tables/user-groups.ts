import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'user_groups',
  title: 'Accounts and the groups that they are in',
  description: 'The own group of each account from `/etc/passwd`, the others from `/etc/group`.',
  columns: { uid: 'bigint', gid: 'bigint' },
  needs: 'root',
  *rows({ accounts }) {
    const groupsOf = new Map<string, number[]>();
    for (const { gid, members } of accounts.groups) {
      for (const member of members) {
        const known = groupsOf.get(member);
        if (known === undefined) groupsOf.set(member, [gid]);
        else known.push(gid);
      }
    }
    for (const { name, uid, gid } of accounts.all) {
      for (const group of new Set([gid, ...(groupsOf.get(name) ?? [])])) yield { uid, gid: group };
    }
  },
});
