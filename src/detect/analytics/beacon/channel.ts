import type { Calls } from './read-calls.ts';
import { measureCalls, type Measurement } from './measure.ts';
import type { BeaconSettings } from './settings.ts';
import type { EvidencePointer, Series } from '../../../events/finding.ts';
import type { ReadStore } from '../../../store/store.ts';
import { rhythmSeries } from './rhythm-series.ts';

/** A regular channel: one local host, and one address and port or one name. */
export interface Channel {
  readonly source: string;
  /** Address, or name when `isName`. */
  readonly destination: string;
  readonly isName: boolean;
  readonly isProxied: boolean;
  readonly transport: string;
  /** -1 when it used several. */
  readonly port: number;
  readonly hosts: number;
  readonly networkSize: number;
  readonly knownSince: number;
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly measurement: Measurement;
  readonly evidence: readonly EvidencePointer[];
  /** How the intervals and the hours of the day are spread. */
  readonly series: readonly Series[];
}

const maxPointers = 20;

/** What the calls of a channel say by themselves; `pair` is its number in `candidate`. */
export interface Rhythm extends Pick<Channel, 'firstSeen' | 'lastSeen' | 'measurement' | 'evidence' | 'series'> {
  readonly pair: number;
}

/** Undefined when the calls are not regular. Copies what it keeps: the calls are a view. */
export function findRhythm(calls: Calls, settings: BeaconSettings): Rhythm | undefined {
  const measurement = measureCalls(calls, settings);
  if (measurement === undefined) return undefined;
  const last = calls.times.length - 1;
  return {
    pair: calls.pair,
    firstSeen: calls.times[measurement.first] ?? 0,
    lastSeen: calls.times[last] ?? 0,
    measurement,
    evidence: pointers(calls, measurement.first, last),
    series: rhythmSeries(calls.times.subarray(measurement.first), measurement),
  };
}

/** Whose the rhythms are, by the table `candidate`. */
export async function toChannels(store: ReadStore, rhythms: readonly Rhythm[], isName: boolean): Promise<Channel[]> {
  if (rhythms.length === 0) return [];
  const rows = await store.query(`SELECT pair, hosts, known_since, network_size, label FROM candidate
    WHERE pair IN (${rhythms.map(({ pair }) => pair).join(', ')})`);
  const rowOf = new Map(rows.map((row) => [Number(row['pair']), row]));
  return rhythms.map(({ pair, ...rhythm }) => {
    const row = rowOf.get(pair) ?? {};
    // The destination is last because a name may hold blanks.
    const [source = '', transport = '', port = '', ...rest] = String(row['label']).split(' ');
    return {
      ...rhythm,
      source,
      destination: rest.join(' '),
      isName,
      isProxied: transport === 'proxy',
      transport: transport === 'proxy' ? 'tcp' : transport,
      port: Number(port),
      hosts: Number(row['hosts'] ?? 1),
      networkSize: Number(row['network_size'] ?? 0),
      knownSince: Number(row['known_since'] ?? Number.NaN),
    };
  });
}

/** The first and the last call and others evenly between them. */
function pointers(calls: Calls, first: number, last: number): EvidencePointer[] {
  const count = Math.min(maxPointers, last - first + 1);
  return Array.from({ length: count }, (_none, step) => {
    const index = first + Math.round((step * (last - first)) / Math.max(1, count - 1));
    return { evidence_id: calls.evidenceIds[index] ?? 0, at: calls.evidenceAts[index] ?? 0 };
  });
}

/** Key of a channel's ends, whatever the port. */
export function endsOf(source: string, destination: string): string {
  return `${source} ${destination}`;
}
