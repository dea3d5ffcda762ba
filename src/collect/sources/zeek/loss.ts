import type { Problem } from '../../../base/problem.ts';
import type { EventRow } from '../../../events/event.ts';

/** Logs that are read row by row, because their rows say what the sensor did not see. */
export const lossLogs: ReadonlySet<string> = new Set(['capture_loss', 'stats', 'reporter']);

/** Share of segments that a sensor may miss before its blindness is part of the verdict, in percent. */
const tolerablePercent = 1;

/** What a sensor's own logs say about what it did not see. */
export function lossProblem(log: string, event: EventRow, line: number): Problem | undefined {
  if (!lossLogs.has(log)) return undefined;
  const at = { line };
  if (log === 'reporter') return partlySeen(event, at);
  if (log === 'capture_loss') {
    const percent = numberIn(event, 'percent_lost');
    if (percent === undefined || percent < tolerablePercent) return undefined;
    const message = `the sensor missed ${percent.toFixed(1)} % of the TCP segments`;
    return { code: 'events-lost', at, message, hint: 'what was not captured cannot be found; see capture_loss.log' };
  }
  const dropped = numberIn(event, 'pkts_dropped');
  if (dropped === undefined || dropped === 0) return undefined;
  return { code: 'events-lost', at, message: `the sensor dropped ${dropped} packets` };
}

/** Zeek reports in words when it sees only part of the traffic: bad checksums, cut packets, one side of connections. */
function partlySeen({ message }: EventRow, at: { readonly line: number }): Problem | undefined {
  if (typeof message !== 'string') return undefined;
  if (!/checksum|packets? (?:were |was )?dropped|dropped packets?|truncated|snaplen/i.test(message)) return undefined;
  return { code: 'partly-seen', at, message: `the sensor reports: ${message.slice(0, 300)}` };
}

function numberIn(event: EventRow, field: string): number | undefined {
  const { fields } = event;
  if (typeof fields !== 'string') return undefined;
  const value = (JSON.parse(fields) as Record<string, unknown>)[field];
  const number = value === undefined || value === null ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}
