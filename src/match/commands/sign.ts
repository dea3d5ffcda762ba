/** One named thing that speaks for (or, below 0, against) something being planted. */
export interface Sign {
  /** `pipes a download into an interpreter`. */
  readonly what: string;
  /** What shows it: a command, a path, a number. */
  readonly value: string;
  /** Share of certainty that it adds by itself, above 0 to 1; below 0 it takes that share away. */
  readonly weight: number;
}

/** The chance, to a thousandth, that at least one of the signs is right, taken as independent witnesses; those below 0 take their share of it. */
export function combined(signs: readonly Sign[]): number {
  let doubt = 1;
  let trust = 1;
  for (const { weight } of signs) {
    if (weight >= 0) doubt *= 1 - weight;
    else trust *= 1 + weight;
  }
  return Math.round((1 - doubt) * trust * 1000) / 1000;
}
