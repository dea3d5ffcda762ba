import type { Service } from './services.ts';

/** One call, or look-up where no call was seen. Times in µs, sizes in bytes. */
export interface Call {
  readonly at: number;
  readonly uid: string | undefined;
  readonly name: string;
  readonly isAsked: boolean;
  readonly evidenceId: number;
  readonly evidenceAt: number;
  readonly sent: number;
  readonly received: number;
  readonly agent: string | undefined;
  readonly fingerprint: string | undefined;
  /** Hosts that show the fingerprint; 0 without one. */
  readonly fingerprintHosts: number;
}

/** How one machine uses a service that it did not use before. */
export interface Use {
  readonly source: string;
  readonly service: Service;
  readonly calls: readonly Call[];
  readonly begun: number;
  readonly knownSince: number;
  /** Machines of ours that use the service, and all that were seen. */
  readonly hosts: number;
  readonly networkSize: number;
  /** Programs that were seen to connect, most often first. */
  readonly programs: readonly string[];
}

export interface Rhythm {
  readonly visits: number;
  /** µs of the usual pause, and share of the pauses near it. */
  readonly period: number;
  readonly share: number;
  /** Hours of the day with a visit. */
  readonly hoursOfDay: number;
}

/** Connections with less between them are one visit: a page opens many. */
const visitGap = 3_000_000;
/** Pauses from 0.6 to 1.4 of the usual one are near it: of what comes by chance, a quarter is. */
const nearness = 0.4;

/** Undefined when there are too few visits for one. `times` ascend, in µs. */
export function rhythmOf(times: readonly number[], leastVisits: number): Rhythm | undefined {
  const visits = times.filter((at, index) => index === 0 || at - (times[index - 1] ?? 0) >= visitGap);
  if (visits.length < leastVisits) return undefined;
  const pauses = visits.slice(1).map((at, index) => at - (visits[index] ?? 0));
  const period = [...pauses].sort((a, b) => a - b)[pauses.length >> 1] ?? 0;
  const near = pauses.filter((pause) => Math.abs(pause - period) <= nearness * period).length;
  const hours = new Set(visits.map((at) => Math.floor(at / 3_600_000_000) % 24));
  return { visits: visits.length, period, share: near / pauses.length, hoursOfDay: hours.size };
}

/** Bytes of each connection once, however many names or requests it had. */
export function volumeOf(calls: readonly Call[]): { sent: number; received: number } {
  const seen = new Set<string>();
  let [sent, received] = [0, 0];
  for (const call of calls) {
    if (call.uid === undefined || seen.has(call.uid)) continue;
    seen.add(call.uid);
    sent += call.sent;
    received += call.received;
  }
  return { sent, received };
}

/** The value that most calls have. */
export function mostCommon(values: readonly (string | undefined)[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
