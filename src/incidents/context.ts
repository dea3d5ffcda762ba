import type { Micros } from '../base/time.ts';
import type { Entity } from '../events/entity.ts';
import type { Incident } from '../events/incident.ts';

/** On how many machines a thing was seen, of how many that are known. */
export interface Prevalence {
  readonly hosts: number;
  readonly totalHosts: number;
}

/** What correlation knows beside the findings. All of it is looked up by value, so that correlating stays a pure function. */
export interface CorrelationContext {
  /** How widely a thing is seen in the stored events; undefined when the store does not count such things. */
  readonly prevalence: (entity: Entity) => Prevalence | undefined;
  /** Time of the newest stored event: age is measured against it, never against the clock. */
  readonly lastEventTime: Micros;
  /** Since when records go on until that time without a longer pause; undefined when it is not known how far back the case reaches. */
  readonly watchedSince?: (time: Micros) => Micros;
  /** Worth of a machine of ours, 0 to 1, with who says so and why in words; undefined when nobody said. */
  readonly asset?: (host: string) => { readonly value: number; readonly words: string } | undefined;
  /** The person behind an account, so that accounts of one person are one; undefined for an account that nobody listed. */
  readonly person?: (user: string) => string | undefined;
  /** Other names and addresses of the same machine. */
  readonly aliases?: (hostOrAddress: string) => readonly string[];
  /** Addresses that a name resolved to. */
  readonly resolvedTo?: (domain: string) => readonly string[];
  /** Source that reads a ledger row (`zeek`, `suricata-eve`): tells independent sensors apart. */
  readonly evidenceSource?: (evidenceId: number) => string | undefined;
  /** Incidents of the run before: one that keeps most of its findings keeps its id. */
  readonly previous?: readonly Incident[];
}
