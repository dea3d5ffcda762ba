import type { Entity } from './entity.ts';

export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** One named part of a score, with the number it came from: `{ what: 'interval regularity', value: '0.98', weight: 0.25 }`. */
export interface Reason {
  readonly what: string;
  readonly value: string;
  /** Share of the score, 0 to 1 (negative when it lowers it); absent for plain facts. */
  readonly weight?: number;
}

/** Numbers behind a finding that are better seen than read. */
export interface Series {
  readonly title: string;
  /** What the values count: `calls`, `bytes`, `names`. */
  readonly unit: string;
  /** In the order of the axis; at most `maxBins`. */
  readonly bins: readonly { readonly label: string; readonly value: number }[];
}
export const maxBins = 100;

/** Where the proof stands: ledger row and line, record or packet in it. */
export interface EvidencePointer {
  readonly evidence_id: number;
  readonly at: number;
}

/** One detector's claim. */
export interface Finding {
  /** Stable over runs: the same claim about the same things has the same id (see `findingId`). */
  readonly id: string;
  /** `family/plugin` or `family/plugin/rule-id`. */
  readonly detector: string;
  readonly title: string;
  /** What happened as one short sentence with actor and object, without the time: `web01 asked 203.0.113.7 for an LDAP object`. */
  readonly sentence?: string;
  readonly severity: Severity;
  /** Strength of the claim, 0 to 1. */
  readonly score: number;
  /** µs UTC of the first and last event behind it. */
  readonly first_seen: number;
  readonly last_seen: number;
  readonly entities: readonly Entity[];
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly reasons: readonly Reason[];
  /** At most 20 pointers; the first and the last event are among them. */
  readonly evidence: readonly EvidencePointer[];
  /** How many events stand behind it. */
  readonly count: number;
  /** What would have to be different, as the end of a sentence that begins `It would vanish if`. */
  readonly vanishes: string;
  /** What to look at or do next, in one sentence; a command where there is one. */
  readonly next: string;
  /** For charts: how its numbers are spread. */
  readonly series?: readonly Series[];
}

export function severityRank(severity: Severity): number {
  return severities.indexOf(severity);
}

/** Reason of a finding about a machine that only passes on what another one does: it is not the one to take off the network. */
export const passesOn = 'passes on for others';
