/** Bounds that protect this machine from evidence that was made to exhaust it. */
export interface OpenLimits {
  /** Archives inside archives. */
  readonly depth: number;
  /** Members of one archive, all levels together. */
  readonly members: number;
  /** Output of one compressed stream beyond which its ratio is looked at, and the ratio that is too much. */
  readonly suspiciousBytes: number;
  readonly suspiciousRatio: number;
  /** Bytes that the members of one archive may take on disk while they are read. */
  readonly spoolBytes: number;
}

/**
 * Real logs compress up to about 60:1, a gzip bomb to 1,032:1, a zstd bomb far beyond. A stream over 512 MB that is denser
 * than 300:1 is stopped there; what came before is kept.
 */
export const defaultOpenLimits: OpenLimits = {
  depth: 4,
  members: 100_000,
  suspiciousBytes: 512_000_000,
  suspiciousRatio: 300,
  spoolBytes: 20_000_000_000,
};
