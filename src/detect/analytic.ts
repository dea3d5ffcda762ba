import type { z } from 'zod';
import type { LocalNetworks } from '../base/networks.ts';
import type { Logger } from '../base/logger.ts';
import type { Micros } from '../base/time.ts';
import type { KindId, VakthundEvent } from '../events/event.ts';
import type { Finding } from '../events/finding.ts';
import type { ReadStore } from '../store/store.ts';

export interface AnalyticContext<S = unknown> {
  readonly store: ReadStore;
  /** Events outside are not looked at: SQL condition over `time` for WHERE, `TRUE` when there is no bound. */
  readonly timeCondition: string;
  readonly since: Micros | undefined;
  readonly until: Micros | undefined;
  readonly networks: LocalNetworks;
  readonly settings: S;
  readonly logger: Logger;
  /** Says that a part was not checked, and why, for the verdict: it is still learning, or a bound was reached. */
  readonly notChecked: (why: string) => void;
}

/**
 * `rows`: it judges each row by itself, and a finding only adds rows up. By kind: SQL over the columns of the kind that parts its
 * rows into groups; it judges each group by itself, and sees the other kinds whole.
 */
export type Apart = 'rows' | Readonly<Partial<Record<KindId, string>>>;

/** What an analytic says of events as they come in, their `evidence_id` set, each time by these alone. */
export type LiveJudge = (events: readonly VakthundEvent[]) => readonly Finding[];

/** Behaviour over the store: SQL and a scoring function with named parts. */
export interface Analytic<Id extends string = string, S extends z.ZodType = z.ZodType> {
  readonly id: Id;
  readonly title: string;
  /** What it finds and how, for the reference page: two to six sentences. */
  readonly description: string;
  /** Event kinds that it needs; it is not run, and reported as not checked, when none of `reads` is there. */
  readonly reads: readonly KindId[];
  /**
   * How it may be asked of new rows alone, so that a watch need not wait until everything is judged again. Absent: what it finds
   * hangs on all rows together.
   */
  readonly apart?: Apart;
  /** It adds up connections, bytes or requests: what a second sensor told of a connection (`second_sighting`) is not shown to it. */
  readonly countsCalls?: true;
  /** ATT&CK techniques that its findings may carry. */
  readonly attack: readonly string[];
  /** Points of the guides that it serves. */
  readonly guide: readonly string[];
  readonly references: readonly string[];
  /** Thresholds, each with `.describe()` and a default. */
  readonly settings: S;
  run(context: AnalyticContext<z.infer<S>>): AsyncIterable<Finding>;
  /** For one whose every event is worth an alert of a watch: how it judges them, by what stands in the store now; undefined when nothing does. */
  live?(context: Pick<AnalyticContext<z.infer<S>>, 'store' | 'networks' | 'settings'>): Promise<LiveJudge | undefined>;
}

export function defineAnalytic<const Id extends string, S extends z.ZodType>(
  analytic: Analytic<Id, S>,
): Analytic<Id, S> {
  return analytic;
}
