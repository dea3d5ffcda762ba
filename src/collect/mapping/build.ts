import type { KindId } from '../../events/event.ts';
import type { Conversion, MappedColumns, Mapping, Reader } from '../../events/mapping.ts';

/** What stands at a path. */
export function read(path: string, as: Conversion): Reader {
  return { path, as };
}

/** The first of several paths that has something. */
export function firstOf(as: Conversion, ...paths: readonly string[]): Reader {
  return { first: paths.map((path) => read(path, as)) };
}

/** A mapping to a kind; what it names in `keep` stays in `fields` too. */
export function mappingTo<K extends KindId>(
  kind: K,
  columns: MappedColumns<K>,
  more: Pick<Mapping, 'keep' | 'keepsRecord' | 'drop'> = {},
): Mapping<K> {
  return { kind, columns, ...more };
}
