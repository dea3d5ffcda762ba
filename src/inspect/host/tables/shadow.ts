import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'shadow',
  title: 'State and age of passwords',
  description:
    'From `/etc/shadow`, for root only. The hash itself is not given: only the id of its algorithm (crypt(5)).',
  columns: {
    password_status: 'text',
    hash_alg: 'text',
    last_change: 'bigint',
    min: 'bigint',
    max: 'bigint',
    warning: 'bigint',
    inactive: 'bigint',
    expire: 'bigint',
    flag: 'bigint',
    username: 'text',
  },
  needs: 'root',
  *rows(context) {
    for (const line of context.lines('/etc/shadow')) {
      const [username = '', password = '', ...rest] = line.split(':');
      if (username === '' || rest.length < 6) continue;
      const [last_change, min, max, warning, inactive, expire, flag] = rest.map(numberOf);
      yield {
        password_status: statusOf(password),
        hash_alg: /^\$(?<id>\w+)\$/.exec(password)?.groups?.['id'] ?? null,
        last_change: last_change ?? -1,
        min: min ?? -1,
        max: max ?? -1,
        warning: warning ?? -1,
        inactive: inactive ?? -1,
        expire: expire ?? -1,
        flag: flag ?? null,
        username,
      };
    }
  },
});

/** Days, or undefined when the field is empty. */
function numberOf(field: string): number | undefined {
  return /^\d{1,10}$/.test(field) ? Number(field) : undefined;
}

function statusOf(password: string): string {
  if (password === '') return 'empty';
  if (password === '!!') return 'not_set';
  return /^[!*x]/.test(password) ? 'locked' : 'active';
}
