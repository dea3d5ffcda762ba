import { defineHostTable } from '../table.ts';
import { readLogins } from '../utmp.ts';

export const table = defineHostTable({
  id: 'logged_in_users',
  title: 'Who is logged in',
  description: 'From `/run/utmp`.',
  columns: { type: 'text', user: 'text', tty: 'text', host: 'text', time: 'bigint', pid: 'integer' },
  hidden: { sid: 'text', registry_hive: 'text' },
  needs: 'live',
  *rows(context) {
    for (const { type, user, tty, host, time, pid } of readLogins(context, '/run/utmp')) {
      const name = types[type];
      if (name !== undefined) yield { type: name, user, tty, host, time, pid };
    }
  },
});

const types: Readonly<Record<number, string>> = {
  1: 'runlevel',
  2: 'boot_time',
  3: 'new_time',
  4: 'old_time',
  5: 'init',
  6: 'login',
  7: 'user',
  8: 'dead',
};
