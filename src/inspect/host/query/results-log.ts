import type { PackResult } from './run-pack.ts';

/** Lines of osquery's results log (deployment/logging): one for each row that came or went, or one snapshot. */
export function asResultsLog(result: PackResult, hostName: string, now: Date): string {
  if (result.failed !== undefined || result.skipped !== undefined) return '';
  const head = {
    name: result.name,
    hostIdentifier: hostName,
    calendarTime: now.toUTCString().replace('GMT', 'UTC'),
    unixTime: Math.floor(now.getTime() / 1000),
    epoch: 0,
    counter: result.counter,
    numerics: false,
    ...(Object.keys(result.decorations).length === 0 ? {} : { decorations: result.decorations }),
  };
  if (result.query.isSnapshot) return `${JSON.stringify({ ...head, snapshot: result.rows, action: 'snapshot' })}\n`;
  const line = (columns: object, action: string): string => `${JSON.stringify({ ...head, columns, action })}\n`;
  const removed = result.removed.map((row) => line(row, 'removed'));
  return [...removed, ...result.added.map((row) => line(row, 'added'))].join('');
}
