import type { Problem } from '../../../base/problem.ts';
import type { EventRow } from '../../../events/event.ts';

/** Share of segments that a sensor may miss before its blindness is part of the verdict, in percent. */
const tolerablePercent = 1;

/** What a sensor's own logs say about what it did not see. */
export function lossProblem(log: string, event: EventRow, line: number): Problem | undefined {
  if (log === 'capture_loss') {
    const percent = numberIn(event, 'percent_lost');
    if (percent === undefined || percent < tolerablePercent) return undefined;
    const message = `the sensor missed ${percent.toFixed(1)} % of the TCP segments`;
    return {
      code: 'events-lost',
      at: { line },
      message,
      hint: 'what was not captured cannot be found; see capture_loss.log',
    };
  }
  if (log === 'stats') {
    const dropped = numberIn(event, 'pkts_dropped');
    if (dropped === undefined || dropped === 0) return undefined;
    return { code: 'events-lost', at: { line }, message: `the sensor dropped ${dropped} packets`, count: 1 };
  }
  return undefined;
}

function numberIn(event: EventRow, field: string): number | undefined {
  const { fields } = event;
  if (typeof fields !== 'string') return undefined;
  const value = (JSON.parse(fields) as Record<string, unknown>)[field];
  const number = value === undefined || value === null ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}
