import type { Problem } from '../base/problem.ts';
import type { Micros } from '../base/time.ts';
import type { Entity } from '../events/entity.ts';
import type { Reason, Severity } from '../events/finding.ts';

/** What an inspection says about one thing that it looked at. The case makes a finding of it. */
export interface Claim {
  /** `family/plugin` or `family/plugin/rule-id`: `persistence/cron`, `checks/privileged`. */
  readonly detector: string;
  /** The object in a few words, without the name of the host: `cron job that pipes a download into a shell`. */
  readonly title: string;
  /** One short sentence with the object and what is odd about it. */
  readonly sentence?: string;
  readonly severity: Severity;
  /** Strength of the claim, 0 to 1. */
  readonly score: number;
  /** Where the proof stands: a path inside the tree, a manifest, a table; and the line in it where there is one. */
  readonly path: string;
  /** The path by which the id of the finding is made, where `path` is told otherwise: as a person gave it. */
  readonly key?: string;
  readonly line?: number;
  /** When it came to be, as far as the thing itself tells (change time of a file); undefined when it does not. */
  readonly time?: Micros;
  /** What tells two claims of one detector apart besides the path. */
  readonly about?: readonly string[];
  readonly entities: readonly Entity[];
  /** ATT&CK technique ids. */
  readonly attack: readonly string[];
  readonly reasons: readonly Reason[];
  /** What would have to be different, as the end of a sentence that begins `It would vanish if`. */
  readonly vanishes: string;
  /** What to look at or do next, in one sentence; a command where there is one. */
  readonly next: string;
}

/** What came out of looking at one host, root, image or set of manifests. */
export interface Inspection {
  /** What was looked at, as a person calls it: `/`, a folder, the reference of an image. */
  readonly subject: string;
  /** Command that looked: `host inspect`. A later look by the same command replaces this one in a case; one by another stands beside it. */
  readonly by: string;
  /** Paths stand for themselves, as those of files that were named one by one, and do not lead into the subject. */
  readonly hasWholePaths?: boolean;
  readonly claims: readonly Claim[];
  readonly problems: readonly Problem[];
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
  /** Detectors that ran to their end. */
  readonly ran: readonly string[];
}
