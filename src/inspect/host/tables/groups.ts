import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'groups',
  title: 'Local groups',
  description: 'From `/etc/group`.',
  columns: { gid: 'bigint', gid_signed: 'bigint', groupname: 'text' },
  hidden: { group_sid: 'text', comment: 'text', is_hidden: 'integer', pid_with_namespace: 'integer' },
  needs: 'root',
  *rows({ accounts }) {
    for (const { name, gid } of accounts.groups) yield { gid, gid_signed: gid | 0, groupname: name };
  },
});
