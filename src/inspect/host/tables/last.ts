import { defineHostTable } from '../table.ts';
import { loginTypes, readLogins } from '../utmp.ts';

export const table = defineHostTable({
  id: 'last',
  title: 'Who logged in and out',
  description: 'From `/var/log/wtmp` and `/var/log/wtmp.1`: sessions that began (type 7) and ended (type 8).',
  columns: {
    username: 'text',
    tty: 'text',
    pid: 'integer',
    type: 'integer',
    type_name: 'text',
    time: 'integer',
    host: 'text',
  },
  needs: 'root',
  *rows(context) {
    for (const path of ['/var/log/wtmp.1', '/var/log/wtmp']) {
      for (const { user, tty, pid, type, time, host } of readLogins(context, path)) {
        if (type !== 7 && type !== 8) continue;
        yield { username: user, tty, pid, type, type_name: loginTypes[type] ?? '', time, host };
      }
    }
  },
});
