import { VakthundError } from '../base/errors.ts';
import { microsPerDay, microsPerHour, microsPerMinute, parseIsoMicros, type Micros } from '../base/time.ts';

const unitMicros: Readonly<Record<string, number>> = {
  m: microsPerMinute,
  h: microsPerHour,
  d: microsPerDay,
  w: 7 * microsPerDay,
};

/** A time on the command line: ISO 8601 (UTC without a zone), a day, or how long ago (`90m`, `24h`, `7d`, `2w`). */
export function parseTimeArgument(text: string, now: Micros): Micros {
  const ago = /^(?<count>\d{1,6})(?<unit>[mhdw])$/.exec(text)?.groups;
  if (ago !== undefined) return now - Number(ago['count']) * (unitMicros[ago['unit'] ?? ''] ?? 0);
  const time = parseIsoMicros(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text);
  if (time === undefined) {
    throw new VakthundError('USAGE', `"${text}" is not a time`, {
      hint: 'write it as 2026-03-10, 2026-03-10T12:00:00Z or 7d',
    });
  }
  return time;
}
