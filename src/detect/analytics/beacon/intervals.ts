/** Calls joined to visits: calls that follow each other within `deadSeconds` are one. */
export interface Visits {
  /** Seconds from the end of one visit to the beginning of the next, ascending. */
  readonly gaps: Float64Array;
  readonly visits: number;
  /** Mean length of a visit in seconds. */
  readonly meanSeconds: number;
}

/**
 * The gap, not the distance of the beginnings: of memoryless arrivals the gaps above `deadSeconds` are memoryless again,
 * whatever was joined. `times` in µs, ascending.
 */
export function joinVisits(times: Float64Array, deadSeconds: number): Visits {
  const gaps = new Float64Array(Math.max(0, times.length - 1));
  let count = 0;
  let within = 0;
  for (let index = 1; index < times.length; index++) {
    const gap = ((times[index] ?? 0) - (times[index - 1] ?? 0)) / 1e6;
    if (gap > deadSeconds) gaps[count++] = gap;
    else within += gap;
  }
  const visits = times.length === 0 ? 0 : count + 1;
  return { gaps: gaps.subarray(0, count).sort(), visits, meanSeconds: visits === 0 ? 0 : within / visits };
}

/** Step of the clock that wrote the times: one second where none has a fraction, else too small to matter. */
export function clockResolution(times: Float64Array): number {
  return times.every((time) => time % 1_000_000 === 0) ? 1 : 0;
}
