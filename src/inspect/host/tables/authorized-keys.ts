import { defineHostTable } from '../table.ts';
import { readPublicKey } from '../public-key-line.ts';
import { usersOf } from '../homes.ts';

export const table = defineHostTable({
  id: 'authorized_keys',
  title: 'Keys that may log in over SSH',
  description: 'From `.ssh/authorized_keys` and `.ssh/authorized_keys2` of every account, logged in or not.',
  columns: { uid: 'bigint', algorithm: 'text', key: 'text', options: 'text', comment: 'text', key_file: 'text' },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  narrowedBy: ['uid'],
  *rows(context, constraints) {
    for (const { uid, home } of usersOf(context, constraints)) {
      for (const name of ['authorized_keys', 'authorized_keys2']) {
        const key_file = `${home}/.ssh/${name}`;
        for (const line of context.lines(key_file)) {
          const key = readPublicKey(line);
          if (key !== undefined) yield { uid, ...key, key_file };
        }
      }
    }
  },
});
