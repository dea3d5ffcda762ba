/** One case that did not come out as wanted, with the first difference. */
export interface SuiteFailure {
  readonly case: string;
  readonly got: string;
  readonly want: string;
  /** Why it is so, where the cause is known and no fault of ours. It stays a failure. */
  readonly why?: string | undefined;
}

/** One case that cannot be judged here. */
export interface SuiteSkip {
  readonly case: string;
  readonly why: string;
}

export interface SuiteResult {
  /** Cases found, skipped ones included: `passed + skipped + failed.length`. */
  readonly total: number;
  readonly passed: number;
  /** Cases that cannot be judged here (a missing companion file, another platform). */
  readonly skipped: number;
  readonly failed: readonly SuiteFailure[];
  /** The skipped cases with their reasons, where they are few enough to be told one by one. */
  readonly skips?: readonly SuiteSkip[];
  /** What a pass count cannot say: precision, recall, field agreement. */
  readonly figures?: Readonly<Record<string, number | string>>;
}

/**
 * Our answers held against the published expectations of others. Each file of `suites/` exports one as `suite`.
 * It finds its cases by the layout of the corpus and its expected files, never by a list of names in our code,
 * because another tree of the same layout is run by the same command.
 */
export interface Suite {
  /** `area/name`: what the user types, whole or as a prefix. */
  readonly id: string;
  /** `corpus` is the corpus folder. A total of 0 says that the data are not there. A throw fails the whole suite. */
  run(corpus: string): Promise<SuiteResult>;
}
