import type { Mapping, Reader } from './mapping.ts';

/** What the two ways to execute a mapping share: which paths it names, and what remains of it where columns are missing. */
export type ReaderEntries = readonly (readonly [column: string, reader: Reader])[];

export function readerEntries(mapping: Mapping): ReaderEntries {
  return Object.entries(mapping.columns as Readonly<Record<string, Reader>>);
}

/** The readers that a reader is made of; none for a path or a constant. */
export function partsOf(reader: Reader): readonly Reader[] {
  if ('first' in reader) return reader.first;
  if ('join' in reader) return reader.join;
  if ('minus' in reader) return reader.minus;
  return 'plus' in reader ? reader.plus : [];
}

/** Every path that a reader names. */
export function readerPaths(reader: Reader): string[] {
  return 'path' in reader ? [reader.path] : partsOf(reader).flatMap(readerPaths);
}

/** Every path that a mapping takes out of `fields`: those that its readers name and it does not keep, and those it drops. */
export function takenPaths(mapping: Mapping): string[] {
  if (mapping.keepsRecord === true) return [...(mapping.drop ?? [])];
  const named = readerEntries(mapping).flatMap(([, reader]) => readerPaths(reader));
  return [...new Set([...named.filter((path) => mapping.keep?.includes(path) !== true), ...(mapping.drop ?? [])])];
}

/** Paths that are taken whatever the record holds: those that do not stand only in a `first`. */
export function alwaysTaken(entries: ReaderEntries): ReadonlySet<string> {
  return new Set(entries.flatMap(([, reader]) => ('first' in reader ? [] : readerPaths(reader))));
}

/** For each of the readers of a `first`: the paths that stay in `fields` when it is the one that is taken. */
export function passedOver(readers: readonly Reader[], always: ReadonlySet<string>): string[][] {
  return readers.map((reader, index) => {
    const own = readerPaths(reader);
    const later = readers.slice(index + 1).flatMap(readerPaths);
    return [...new Set(later)].filter((path) => !own.includes(path) && !always.has(path));
  });
}

/** The mapping's readers as far as the columns of a table go: what cannot be there is left out. */
export function narrowEntries(mapping: Mapping, columns: ReadonlySet<string>): ReaderEntries {
  return readerEntries(mapping).flatMap(([name, reader]) => {
    const narrowed = narrow(reader, columns);
    return narrowed === undefined ? [] : [[name, narrowed] as const];
  });
}

function narrow(reader: Reader, columns: ReadonlySet<string>): Reader | undefined {
  if ('constant' in reader) return reader;
  if ('path' in reader) return columns.has(reader.path) ? reader : undefined;
  const parts = partsOf(reader).map((part) => narrow(part, columns));
  const present = parts.filter((part) => part !== undefined);
  if ('minus' in reader) {
    const [left, right] = present;
    return left === undefined || right === undefined ? undefined : { minus: [left, right] };
  }
  if ('plus' in reader) {
    const [left, right] = present;
    return left === undefined || right === undefined ? left : { plus: [left, right] };
  }
  if (present.length === 0) return undefined;
  if ('join' in reader) return { ...reader, join: present };
  return present.length === 1 ? present[0] : { first: present };
}
