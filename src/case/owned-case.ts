import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { LiveJudge } from '../detect/analytic.ts';
import type { KindId } from '../events/event.ts';
import type { Incident } from '../events/incident.ts';
import type { Forgotten } from '../store/store.ts';
import type { NewsOptions } from './detect-news.ts';
import type { FollowedFiles } from './followed-files.ts';
import type { IngestOptions, IngestSummary } from './ingest.ts';
import type { LoadedSet } from './run-rules.ts';
import type { CallOptions, CaseService, InvestigateRequest, Verdict } from './service.ts';

/** A case in the process that owns it. */
export interface OwnedCase extends CaseService {
  /** `investigate`, by rules that are loaded already in place of those of the request's paths. */
  judgeAll(request: InvestigateRequest, rules: readonly LoadedSet[], options: CallOptions): Promise<Verdict>;
  /** Reads what has come to the paths since the last time, without judging. Shows events that were read record by record. */
  follow(
    paths: readonly string[],
    options: Pick<IngestOptions, 'amend' | 'onDecoded' | 'signal' | 'hostName' | 'isReadElsewhere'> & {
      readonly followed: FollowedFiles;
    },
  ): Promise<IngestSummary>;
  /**
   * Judges what has come in since the last judgement, where that can be done without looking at everything; the verdict as a whole is that
   * of the next `investigate`.
   */
  judgeNews(request: NewsRequest, options: CallOptions): Promise<NewsVerdict>;
  /** What analytics say of events as they come in, by what the case knows now: its lists of indicators. */
  liveJudge(): Promise<LiveJudge>;
  /** Forgets the events of some kinds that are beyond a bound; the ledger keeps what they were read from. */
  forget(bound: RetentionBound): Promise<readonly Forgotten[]>;
}

/** What is kept of some kinds of events: those that are not older, or as many of the newest as take no more disk together. */
export type RetentionBound =
  | { readonly kinds: readonly KindId[]; readonly olderThan: Micros }
  | { readonly kinds: readonly KindId[]; readonly maxBytes: number };

export interface NewsRequest extends Pick<NewsOptions, 'rules'> {
  /** Gives `NewsOptions.fired` when it is settled what is new. */
  takeFired(): NewsOptions['fired'];
}

/** What a judgement of news changes. */
export interface NewsVerdict {
  readonly incidents: readonly Incident[];
  readonly problems: readonly Problem[];
}
