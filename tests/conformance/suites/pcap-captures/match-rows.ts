import { isDeepStrictEqual } from 'node:util';
import type { EventRow } from '../../../../src/events/event.ts';

/** Columns that say where a row came from, or hold ids that are random elsewhere. */
const ownColumns: ReadonlySet<string> = new Set([
  'time',
  'uid',
  'sensor',
  'event_dataset',
  'evidence_id',
  'evidence_at',
  'fields',
  'raw',
  'file_uid',
]);
/** Lists of ids that are random elsewhere: their length counts. */
const idLists: ReadonlySet<string> = new Set(['tunnel_parents', 'file_uids']);

/** Sets in Zeek, which have no order. */
const sets: ReadonlySet<string> = new Set(['email_recipients']);

export interface RowMatch {
  readonly expected: EventRow;
  /** Undefined when no row of ours is left for it. */
  readonly got: EventRow | undefined;
}

/** Pairs each expected row with the row of ours that has most columns equal, of the same kind, each used once. */
export function matchRows(
  expected: readonly EventRow[],
  ours: readonly EventRow[],
  isCompared: (column: string) => boolean,
): { readonly pairs: readonly RowMatch[]; readonly left: readonly EventRow[] } {
  const left = new Set(ours);
  const pairs = expected.map((row) => {
    let best: EventRow | undefined;
    let bestScore = 0;
    for (const candidate of left) {
      if (candidate['kind'] !== row['kind']) continue;
      const score = expectedColumns(row, isCompared).filter((column) => isSame(column, row, candidate)).length;
      if (score > bestScore) [best, bestScore] = [candidate, score];
    }
    if (best !== undefined) left.delete(best);
    return { expected: row, got: best };
  });
  return { pairs, left: [...left] };
}

/** Columns of an expected row that hold something to compare. */
export function expectedColumns(row: EventRow, isCompared: (column: string) => boolean): string[] {
  return Object.keys(row).filter((name) => {
    const value = row[name];
    return name !== 'kind' && value !== null && value !== undefined && !ownColumns.has(name) && isCompared(name);
  });
}

export function isSame(column: string, expected: EventRow, got: EventRow): boolean {
  const [a, b] = [expected[column], got[column]];
  if (sets.has(column) && Array.isArray(a) && Array.isArray(b)) return isDeepStrictEqual(new Set(a), new Set(b));
  if (idLists.has(column)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length;
  // Of the hash of a host key Zeek writes 32 characters.
  if (column === 'ssh_host_key' && typeof a === 'string') return typeof b === 'string' && b.startsWith(a);
  return isDeepStrictEqual(a, b);
}
