import type { Advice } from './advice.ts';
import type { ReleaseEnd, SupportLimit } from './format.ts';

/** What is known of a CVE beyond the advisories. */
export interface CveContext {
  /** Probability of being exploited within 30 days, 0 to 1. */
  readonly epss?: number;
  /** Day on which CISA listed it as exploited. */
  readonly exploitedSince?: string;
}

/** Everything that is known of vulnerabilities, to be asked package by package. */
export interface AdvisoryBook {
  /** Advice on a package of a stream, by its normal name. */
  find(stream: string, name: string): readonly Advice[];
  context(cve: string): CveContext;
  releaseEnds(product: string): readonly ReleaseEnd[];
  supportLimits(): readonly SupportLimit[];
  /** Number of pieces of advice by stream: a stream that is not here was not checked. */
  readonly streams: ReadonlyMap<string, number>;
  /** Whether there is any of it: no EPSS score means nothing when none was loaded. */
  readonly has: { readonly exploited: boolean; readonly epss: boolean; readonly releaseEnds: boolean };
}
