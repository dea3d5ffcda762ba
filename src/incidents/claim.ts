import type { Micros } from '../base/time.ts';
import type { Entity } from '../events/entity.ts';
import type { Finding, Severity } from '../events/finding.ts';
import type { Tactic } from './attack-tactics.ts';

/**
 * What a claim can be held by: `place` where it happened, `thing` that stands or runs there, `far` side, `trait` that
 * tells kinds of things apart more than single ones. Of one category only the best shared handle counts: a domain
 * and its address, or a host and its container, are one piece of evidence and not two.
 */
export type HandleCategory = 'place' | 'thing' | 'far' | 'trait';

export interface Handle {
  readonly key: string;
  /** As it stands in the finding, to ask for its prevalence and to name it. */
  readonly entity: Entity;
  readonly category: HandleCategory;
  /** `own` is said outright, `peer` a machine of ours on the far side, `named` found in a text, `resolved` an address behind a domain. */
  readonly role: 'own' | 'peer' | 'named' | 'resolved';
}

/** One detector's claim about the same things, with its repetitions. */
export interface Claim {
  /** Place in time order, from 0. */
  readonly index: number;
  /** In time order, at least one. */
  readonly findings: readonly Finding[];
  /** The strongest of them, the earliest of equals. */
  readonly lead: Finding;
  readonly severity: Severity;
  readonly first: Micros;
  readonly last: Micros;
  readonly tactics: readonly Tactic[];
  /** Key of the machine that it happened on; undefined when the findings name none. */
  readonly subject: string | undefined;
  readonly handles: ReadonlyMap<string, Handle>;
  /** Tells of a weakness (a vulnerable package, an open setting), not of something that happened. */
  readonly isWeakness: boolean;
}

export type Draft = Omit<Claim, 'handles'>;
