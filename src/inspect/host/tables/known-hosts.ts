import { defineHostTable } from '../table.ts';
import { usersOf } from '../homes.ts';

export const table = defineHostTable({
  id: 'known_hosts',
  title: 'Servers whose SSH keys are known',
  description: 'Lines of `.ssh/known_hosts` of every account, and of `/etc/ssh/ssh_known_hosts` for root.',
  columns: { uid: 'bigint', key: 'text', key_file: 'text' },
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    for (const { uid, home } of usersOf(context, constraints)) {
      const files = [`${home}/.ssh/known_hosts`, ...(uid === 0 ? ['/etc/ssh/ssh_known_hosts'] : [])];
      for (const key_file of files) {
        for (const line of context.lines(key_file)) {
          const key = line.trim();
          if (key !== '' && !key.startsWith('#')) yield { uid, key, key_file };
        }
      }
    }
  },
});
