import { append } from '../../../base/multimap.ts';
import type { Reader } from '../../../events/mapping.ts';
import { alwaysTaken, passedOver, type ReaderEntries } from '../../../events/readers.ts';
import type { Operand } from './fragment.ts';
import { anyOf } from './fragment.ts';
import { readerSql } from './readers.ts';

/**
 * Paths that stand only in a `first`, and when they stay in `fields`: when a reader before them was taken.
 * Everything else that a mapping names is taken whenever the row is regular.
 */
export function keptWhen(entries: ReaderEntries, operandOf: (path: string) => Operand): ReadonlyMap<string, string> {
  const always = alwaysTaken(entries);
  const conditions = new Map<string, string[]>();
  for (const [, reader] of entries) {
    for (const [path, condition] of keptByFirst(reader, always, operandOf)) {
      append(conditions, path, condition);
    }
  }
  return new Map(
    [...conditions].map(([path, any]) => [path, `${operandOf(path).scalar} IS NOT NULL AND ${anyOf(any)}`]),
  );
}

function keptByFirst(
  reader: Reader,
  always: ReadonlySet<string>,
  operandOf: (path: string) => Operand,
): (readonly [path: string, condition: string])[] {
  if (!('first' in reader)) return [];
  const values = reader.first.map((part) => readerSql(part, operandOf).sql);
  const passed = passedOver(reader.first, always);
  return reader.first.flatMap((part, index) => {
    const before = values.slice(0, index).map((value) => `${value} IS NULL`);
    const isTaken = [...before, `${values[index]} IS NOT NULL`].join(' AND ');
    const inner = keptByFirst(part, always, operandOf).map(
      ([path, condition]) => [path, [...before, condition].join(' AND ')] as const,
    );
    return [...inner, ...(passed[index] ?? []).map((path) => [path, isTaken] as const)];
  });
}
