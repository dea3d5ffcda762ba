import type { Problem } from '../../base/problem.ts';
import type { Micros } from '../../base/time.ts';
import type { Incident } from '../../events/incident.ts';
import type { Severity } from '../../events/finding.ts';

/** What a rule, a list of indicators or another tool said of one event, at once. */
export interface Alert {
  /** `rules/falco/…`, `rules/sigma/…`, `analytics/indicator`, or `alerts/…` for another tool's. Same ids as findings have. */
  readonly detector: string;
  /** What an analytic speaks of, such as a listed address: its alerts about other things are no repeats. */
  readonly subject?: string;
  readonly title: string;
  readonly severity: Severity;
  /** Of the event, not of the noticing. */
  readonly time: Micros;
  /** Machine; undefined when the record does not tell. */
  readonly host: string | undefined;
  /** What it was about in a few words: command line, file, address. Out of evidence, so hostile. */
  readonly what: string;
  readonly attack: readonly string[];
  /** Name of the container, or its id where no engine told it; and its image. */
  readonly container?: string;
  readonly image?: string;
  readonly user?: string;
  readonly evidence: { readonly path: string; readonly at: number };
}

/** Everything that a watch tells, as it happens. Plain data. */
export type Notice =
  /** The first of its kind for a while. */
  | ({ readonly type: 'alert' } & Alert)
  /** How often the same was seen again since it was told. */
  | {
      readonly type: 'repeats';
      readonly detector: string;
      readonly title: string;
      readonly severity: Severity;
      readonly host: string | undefined;
      readonly count: number;
      readonly last: Micros;
    }
  | { readonly type: 'incident'; readonly change: 'standing' | 'new' | 'grown' | 'over'; readonly incident: Incident }
  | { readonly type: 'problem'; readonly problem: Problem }
  /** A sensor could not start, or lost records; or what sensors record is read late. */
  | {
      readonly type: 'sensor';
      readonly sensor: string;
      readonly state: 'started' | 'unavailable' | 'lost' | 'late' | 'stopped';
      readonly message: string;
      readonly count?: number;
    }
  /** Rules that changed while it runs hold from now on, or are refused for a fault in them. */
  | { readonly type: 'rules'; readonly state: 'loaded' | 'refused'; readonly message: string }
  /** Events that were older than their class is kept, or beyond the disk that it may take. */
  | {
      readonly type: 'forgotten';
      readonly because: 'age' | 'disk';
      readonly kinds: readonly string[];
      readonly count: number;
      readonly first: Micros;
      readonly last: Micros;
    }
  | { readonly type: 'status'; readonly status: WatchStatus };

export interface WatchStatus {
  readonly now: Micros;
  readonly events: number;
  readonly alerts: number;
  readonly incidents: number;
  /** Records that sensors lost, as far as they can tell. */
  readonly lost: number;
  /** How long the last judgement over everything took. */
  readonly judgedInMs: number;
}
