/** A result row as texts, the way osquery's results log has them. */
export type TextRow = Readonly<Record<string, string>>;

export interface Difference {
  readonly added: readonly TextRow[];
  readonly removed: readonly TextRow[];
}

/** Rows that came and went between two results; a row that is there twice counts twice, the order does not count. */
export function differenceOf(before: readonly TextRow[], after: readonly TextRow[]): Difference {
  const counts = new Map<string, number>();
  for (const row of before) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  const added = after.filter((row) => !take(row, counts));
  const removed = before.filter((row) => take(row, counts));
  return { added, removed };
}

function take(row: TextRow, counts: Map<string, number>): boolean {
  const key = keyOf(row);
  const count = counts.get(key) ?? 0;
  if (count === 0) return false;
  counts.set(key, count - 1);
  return true;
}

function keyOf(row: TextRow): string {
  return JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
}
