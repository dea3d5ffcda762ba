import { kindIds, type KindId } from '../../events/event.ts';
import { microsPerDay, type Micros } from '../../base/time.ts';
import type { RetentionBound } from '../owned-case.ts';

/** A figure for each class that logs are kept by; 0 is no bound. */
export interface ByClass {
  readonly application: number;
  readonly system: number;
  readonly performance: number;
  readonly security: number;
  readonly network: number;
}
type LogClass = keyof ByClass;

/** For how many days events are kept, and how many bytes of disk they may take. */
export interface Keep {
  readonly days: ByClass;
  readonly bytes: ByClass;
}

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
const sharing: readonly LogClass[] = ['application', 'system', 'performance'];

const kindsOf = (name: LogClass): KindId[] =>
  kindIds.filter((kind) => kind !== 'log' && (classOfKind[kind] ?? 'security') === name);

/** What happened on machines and what other tools alerted is security. */
const groups: readonly { readonly kinds: readonly KindId[]; readonly classes: readonly LogClass[] }[] = [
  { kinds: kindsOf('network'), classes: ['network'] },
  { kinds: kindsOf('security'), classes: ['security'] },
  { kinds: ['log'], classes: sharing },
];

/**
 * Bounds that hold now, those of age first. Records of kind `log` go when the longest of the three classes that share it says so, and
 * may take what the three may take together.
 */
export function forgetting({ days, bytes }: Keep, now: Micros): RetentionBound[] {
  const bounds: RetentionBound[] = [];
  for (const { kinds, classes } of groups) {
    const keep = classes.map((name) => days[name]);
    if (!keep.includes(0)) bounds.push({ kinds, olderThan: now - Math.max(...keep) * microsPerDay });
  }
  for (const { kinds, classes } of groups) {
    const room = classes.map((name) => bytes[name]);
    if (!room.includes(0)) bounds.push({ kinds, maxBytes: room.reduce((sum, one) => sum + one, 0) });
  }
  return bounds;
}
