/** Calls joined to visits: calls that follow each other within so many seconds are one. */
export interface Visits {
  /** Seconds from the end of one visit to the beginning of the next, ascending. */
  readonly gaps: Float64Array;
  readonly visits: number;
}

/**
 * Joins for one number of seconds after another. What counts is the gap, not the distance of the beginnings: of memoryless
 * arrivals the gaps above the seconds are memoryless again, whatever was joined. `times` in µs, ascending.
 */
export function joinVisits(times: Float64Array): (deadSeconds: number) => Visits {
  const gaps = new Float64Array(Math.max(0, times.length - 1));
  for (let index = 0; index < gaps.length; index++) gaps[index] = gapBefore(times, index + 1);
  gaps.sort();
  return (deadSeconds) => {
    let joined = 0;
    while (joined < gaps.length && (gaps[joined] as number) <= deadSeconds) joined++;
    return { gaps: gaps.subarray(joined), visits: times.length === 0 ? 0 : gaps.length - joined + 1 };
  };
}

/** Mean length of the visits that `joinVisits` makes, in seconds. */
export function meanVisitSeconds(times: Float64Array, deadSeconds: number): number {
  let within = 0;
  let visits = 1;
  for (let index = 1; index < times.length; index++) {
    const gap = gapBefore(times, index);
    if (gap > deadSeconds) visits++;
    else within += gap;
  }
  return within / visits;
}

function gapBefore(times: Float64Array, index: number): number {
  return ((times[index] as number) - (times[index - 1] as number)) / 1e6;
}

/** Step of the clock that wrote the times: one second where none has a fraction, else too small to matter. */
export function clockResolution(times: Float64Array): number {
  for (let index = 0; index < times.length; index++) if ((times[index] as number) % 1_000_000 !== 0) return 0;
  return 1;
}
