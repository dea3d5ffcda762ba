import { microsPerMinute } from '../../../base/time.ts';

/** One transfer. */
export interface Piece {
  readonly size: number;
  /** µs. */
  readonly began: number;
  readonly ended: number;
}

/** Pieces of nearly the same size. */
export interface EqualPieces {
  readonly count: number;
  /** Runs that they came in: parts of one upload follow each other at once and are one run. */
  readonly runs: number;
  /** Bytes of one, by their median. */
  readonly size: number;
  /** Difference between the largest and the smallest as a share of the size. */
  readonly spread: number;
  /** All of them together. */
  readonly bytes: number;
}

/** How far apart pieces of one size are: an archive's parts are exactly alike, what wraps them for the way adds little. */
export const tolerance = 0.02;
/** Smaller transfers are alike for many reasons. */
const leastSize = 5_000_000;
const leastCount = 3;

/** A pause that ends a run. */
const pauseMicros = 10 * microsPerMinute;

/** Those that are nearly alike and make up the most bytes; undefined when there are not three of them. */
export function findEqualPieces(transfers: readonly Piece[]): EqualPieces | undefined {
  const sorted = transfers.filter(({ size }) => size >= leastSize).sort((a, b) => a.size - b.size);
  let best: { from: number; to: number; bytes: number } | undefined;
  let from = 0;
  let bytes = 0;
  for (const [to, { size }] of sorted.entries()) {
    bytes += size;
    while ((sorted[from]?.size ?? size) * (1 + tolerance) < size) bytes -= sorted[from++]?.size ?? 0;
    if (to - from + 1 >= leastCount && bytes > (best?.bytes ?? 0)) best = { from, to, bytes };
  }
  if (best === undefined) return undefined;
  const alike = sorted.slice(best.from, best.to + 1);
  const size = alike[alike.length >> 1]?.size ?? 0;
  const spread = ((alike.at(-1)?.size ?? size) - (alike[0]?.size ?? size)) / size;
  return { count: alike.length, runs: countRuns(alike), size, spread, bytes: best.bytes };
}

/** Pieces that follow each other within ten minutes are one run. */
export function countRuns(pieces: readonly Piece[]): number {
  let runs = 0;
  let end = Number.NEGATIVE_INFINITY;
  for (const { began, ended } of pieces.toSorted((a, b) => a.began - b.began)) {
    if (began - end > pauseMicros) runs++;
    end = Math.max(end, ended);
  }
  return runs;
}
