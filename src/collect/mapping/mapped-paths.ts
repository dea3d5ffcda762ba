import type { Mapping, Reader } from '../../events/mapping.ts';
import { readerEntries } from '../../events/readers.ts';

/** Paths that a mapping reads, each with whether it reads a list there. */
export function mappedPaths(mapping: Mapping): ReadonlyMap<string, boolean> {
  const paths = new Map<string, boolean>();
  const visit = (reader: Reader): void => {
    if ('path' in reader) {
      paths.set(reader.path, (paths.get(reader.path) ?? false) || ['list', 'ips', 'joined'].includes(reader.as));
    } else if ('first' in reader) reader.first.forEach(visit);
    else if ('join' in reader) reader.join.forEach(visit);
    else if ('minus' in reader) reader.minus.forEach(visit);
    else if ('plus' in reader) reader.plus.forEach(visit);
  };
  for (const [, reader] of readerEntries(mapping)) visit(reader);
  return paths;
}
