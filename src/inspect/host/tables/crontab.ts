import { defineHostTable } from '../table.ts';
import type { TableContext } from '../table-context.ts';

export const table = defineHostTable({
  id: 'crontab',
  title: 'Jobs of cron',
  description:
    'From `/etc/crontab`, `/etc/cron.d` and the crontabs of users. As in osquery, the user of a job of the system stands in front of its command.',
  columns: {
    event: 'text',
    minute: 'text',
    hour: 'text',
    day_of_month: 'text',
    month: 'text',
    day_of_week: 'text',
    command: 'text',
    path: 'text',
  },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  *rows(context) {
    const files = ['/etc/crontab', ...folders.flatMap((folder) => filesIn(context, folder))];
    for (const path of files) {
      for (const line of context.lines(path)) {
        const job = readJob(line);
        if (job !== undefined) yield { ...job, path };
      }
    }
  },
});

const folders = ['/etc/cron.d', '/var/at/tabs', '/var/spool/cron', '/var/spool/cron/crontabs'];

function filesIn({ tree }: TableContext, folder: string): string[] {
  return tree.list(folder).flatMap(({ path }) => (tree.stat(path)?.type === 'file' ? [path] : []));
}

/** A line of crontab(5): `@event command`, or five fields of times and the command. Settings (`NAME=value`) and comments are none. */
function readJob(
  line: string,
): Record<'event' | 'minute' | 'hour' | 'day_of_month' | 'month' | 'day_of_week' | 'command', string> | undefined {
  const text = line.trim();
  const none = { event: '', minute: '', hour: '', day_of_month: '', month: '', day_of_week: '' };
  if (text === '' || text.startsWith('#')) return undefined;
  const words = text.split(/\s+/);
  const [first = ''] = words;
  if (first.startsWith('@')) return { ...none, event: first, command: words.slice(1).join(' ') };
  if (/^\w+\s*=/.test(text) || words.length < 6) return undefined;
  const [minute = '', hour = '', day_of_month = '', month = '', day_of_week = ''] = words;
  return { event: '', minute, hour, day_of_month, month, day_of_week, command: words.slice(5).join(' ') };
}
