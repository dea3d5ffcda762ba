import { defineHostTable } from '../table.ts';
export const table = defineHostTable({
  id: 'time',
  title: 'Now',
  description: 'The clock of this machine, in UTC.',
  columns: {
    weekday: 'text',
    year: 'integer',
    month: 'integer',
    day: 'integer',
    hour: 'integer',
    minutes: 'integer',
    seconds: 'integer',
    timezone: 'text',
    local_timezone: 'text',
    unix_time: 'integer',
    timestamp: 'text',
    datetime: 'text',
    iso_8601: 'text',
  },
  hidden: { win_timestamp: 'bigint', date_time: 'text' },
  needs: 'live',
  *rows() {
    const now = new Date();
    const iso = now.toISOString().replace(/\.\d+Z$/, 'Z');
    yield {
      weekday: weekdays[now.getUTCDay()] ?? '',
      year: now.getUTCFullYear(),
      month: now.getUTCMonth() + 1,
      day: now.getUTCDate(),
      hour: now.getUTCHours(),
      minutes: now.getUTCMinutes(),
      seconds: now.getUTCSeconds(),
      timezone: 'UTC',
      local_timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      unix_time: Math.floor(now.getTime() / 1000),
      timestamp: `${now.toUTCString().replace('GMT', 'UTC')}`,
      datetime: iso,
      iso_8601: iso,
    };
  },
});

const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
