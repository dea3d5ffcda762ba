import { microsPerDay } from '../../base/time.ts';
import type { Reason } from '../../events/finding.ts';
import { readRecordedDays, watchedSince } from '../../store/recorded-days.ts';
import type { ReadStore } from '../../store/store.ts';

/** µs of the first and last event of the network that is stored. */
export interface History {
  readonly historyStart: number;
  readonly historyEnd: number;
  /** µs of the days that have such events. */
  readonly recordedDays: readonly number[];
}

const networkKinds = ['flow', 'tls', 'quic', 'http'] as const;

export async function readHistory(store: ReadStore): Promise<History> {
  const kinds = networkKinds.map((kind) => `SELECT min(time) AS first, max(time) AS last FROM ${kind}`);
  const { macros } = store;
  const [row] = await store.query(
    `SELECT ${macros.micros('min(first)')} AS first, ${macros.micros('max(last)')} AS last FROM (${kinds.join(' UNION ALL ')}) AS t`,
  );
  return {
    historyStart: Number(row?.['first'] ?? 0),
    historyEnd: Number(row?.['last'] ?? 0),
    recordedDays: await readRecordedDays(store, networkKinds),
  };
}

/** Days without a destination after which its appearing is news; days for which it stays news; days after which it is old. */
const daysBeforeNews = 3;
const newsDays = 7;
const oldDays = 30;

/** New destinations are likelier to be an intrusion's, old ones less so; told only where the store reaches back far enough. */
export function youthReason(knownSince: number, history: History): Reason | undefined {
  const { historyStart, historyEnd, recordedDays } = history;
  const daysBefore = (knownSince - watchedSince(recordedDays, historyStart, knownSince)) / microsPerDay;
  const daysKnown = (historyEnd - knownSince) / microsPerDay;
  if (daysBefore >= daysBeforeNews && daysKnown <= newsDays) {
    return {
      what: 'new destination',
      value: `first seen after ${Math.floor(daysBefore)} days without it`,
      weight: 0.05,
    };
  }
  if (daysKnown < oldDays) return undefined;
  return { what: 'old destination', value: `known for ${Math.floor(daysKnown)} days`, weight: -0.1 };
}
