import { kindIds, type KindId } from '../../events/event.ts';
import { microsPerDay, type Micros } from '../../base/time.ts';

/** Classes that logs are kept by, and for how many days: 0 is for ever. */
export interface KeepDays {
  readonly application: number;
  readonly system: number;
  readonly performance: number;
  readonly security: number;
  readonly network: number;
}
export type LogClass = keyof KeepDays;

const classOfKind: Partial<Record<KindId, LogClass>> = {
  flow: 'network',
  dns: 'network',
  http: 'network',
  tls: 'network',
  certificate: 'network',
  quic: 'network',
  ssh: 'network',
  smtp: 'network',
  dhcp: 'network',
  device: 'network',
  file_transfer: 'network',
};

/** Records that no kind fits are of applications, of the system, or about performance: they share a table. */
const sharing = ['application', 'system', 'performance'] as const;

/**
 * Which kinds of events are forgotten before when. What happened on machines and what other tools alerted is security; records of kind
 * `log` go when the longest of the three classes that share it says so.
 */
export function forgetting(
  days: KeepDays,
  now: Micros,
): { readonly kinds: readonly KindId[]; readonly olderThan: Micros }[] {
  const shared = sharing.map((name) => days[name]);
  const forLogs = shared.includes(0) ? 0 : Math.max(...shared);
  const kindsByDays = new Map<number, KindId[]>();
  for (const kind of kindIds) {
    const keep = kind === 'log' ? forLogs : days[classOfKind[kind] ?? 'security'];
    if (keep > 0) kindsByDays.set(keep, [...(kindsByDays.get(keep) ?? []), kind]);
  }
  return [...kindsByDays].map(([keep, kinds]) => ({ kinds, olderThan: now - keep * microsPerDay }));
}
