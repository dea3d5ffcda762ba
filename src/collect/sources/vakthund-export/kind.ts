import { columnEntries, kindIds, type KindId } from '../../../events/event.ts';

const byColumns: ReadonlyMap<string, KindId> = new Map(
  kindIds.map((kind) => [keyOf(columnEntries(kind).map(([name]) => name)), kind]),
);

/** The kind that has exactly these columns; no two kinds have the same. */
export function kindOfColumns(names: readonly string[]): KindId | undefined {
  return names.length > 200 ? undefined : byColumns.get(keyOf(names));
}

function keyOf(names: readonly string[]): string {
  return [...names].sort().join(' ');
}
