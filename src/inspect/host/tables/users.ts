import { defineHostTable } from '../table.ts';

export const table = defineHostTable({
  id: 'users',
  title: 'Local accounts',
  description: 'From `/etc/passwd`. Accounts of LDAP or sssd are not asked for.',
  columns: {
    uid: 'bigint',
    gid: 'bigint',
    uid_signed: 'bigint',
    gid_signed: 'bigint',
    username: 'text',
    description: 'text',
    directory: 'text',
    shell: 'text',
    uuid: 'text',
  },
  hidden: { type: 'text', is_hidden: 'integer', pid_with_namespace: 'integer', include_remote: 'integer' },
  needs: 'root',
  *rows({ accounts }) {
    for (const { name, uid, gid, comment, home, shell } of accounts.all) {
      yield {
        uid,
        gid,
        uid_signed: uid | 0,
        gid_signed: gid | 0,
        username: name,
        description: comment,
        directory: home,
        shell,
        uuid: '',
        include_remote: 0,
      };
    }
  },
});
