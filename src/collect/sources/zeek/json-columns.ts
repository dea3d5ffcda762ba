import type { Conversion, Mapping, Reader } from '../../../events/mapping.ts';
import { partsOf, readerEntries } from '../../../events/readers.ts';
import type { FlatColumn, FlatForm } from '../../../store/bulk.ts';
import { stageLineKey } from '../../../store/store.ts';

type Row = Readonly<Record<string, unknown>>;

/** Keys that are looked for beside those of the mapping; lines with others go to the row decoder. */
const maxLeft = 100;

/** The columns of a log's JSON: all that its mapping reads, and what else its first rows have, in their order. */
export function flatColumns(mapping: Mapping, rows: readonly Row[]): FlatColumn[] {
  const conversions = conversionsByPath(mapping);
  const seen = new Map<string, unknown>();
  for (const row of rows) {
    for (const key in row) if (saysMore(row[key]) || !seen.has(key)) seen.set(key, row[key]);
  }
  const left = [...seen.keys()].filter((key) => !conversions.has(key)).slice(0, maxLeft);
  const names = [
    ...[...seen.keys()].filter((key) => conversions.has(key) || left.includes(key)),
    ...conversions.keys(),
  ];
  return withoutNear([...new Set(names)]).flatMap((name) => {
    const form = formOf(conversions.get(name), seen.get(name));
    return form === undefined ? [] : [{ name, form }];
  });
}

/** Of what a list has in it, an empty one says as little as null. */
function saysMore(value: unknown): boolean {
  return value !== null && value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/**
 * DuckDB holds two names that differ in case only for one: lines with the second are for the row decoder, and so are those
 * with the name under which the store puts the number of a line.
 */
function withoutNear(names: readonly string[]): string[] {
  const lower = names.map((name) => name.toLowerCase());
  return names.filter((_name, index) => lower[index] !== stageLineKey && lower.indexOf(lower[index] ?? '') === index);
}

function conversionsByPath(mapping: Mapping): ReadonlyMap<string, ReadonlySet<Conversion>> {
  const byPath = new Map<string, Set<Conversion>>();
  const visit = (reader: Reader): void => {
    if ('path' in reader) byPath.set(reader.path, (byPath.get(reader.path) ?? new Set()).add(reader.as));
    else partsOf(reader).forEach(visit);
  };
  for (const [, reader] of readerEntries(mapping)) visit(reader);
  for (const path of mapping.drop ?? []) byPath.set(path, byPath.get(path) ?? new Set());
  return byPath;
}

/** The form that the mapping needs and the rows have; undefined where the two do not go together. */
function formOf(conversions: ReadonlySet<Conversion> | undefined, seen: unknown): FlatForm | undefined {
  if (conversions === undefined || conversions.size === 0) return 'left';
  const forms = new Set([...conversions].map((as) => formFor(as, seen)));
  const [form] = forms;
  return forms.size === 1 ? form : undefined;
}

/** Above this a time counts milliseconds: as in `collect/mapping/convert.ts`. */
const endSeconds = 253_402_300_800;

function formFor(as: Conversion, seen: unknown): FlatForm {
  if (as === 'integer' || as === 'boolean' || as === 'ip' || as === 'iso') return as;
  if (as === 'real' || as === 'interval') return 'number';
  if (as === 'seconds') return timeForm(seen);
  if (!listConversions.has(as)) return typeof seen === 'number' ? 'integer' : 'text';
  if (typeof seen === 'string') return 'text';
  return Array.isArray(seen) && typeof seen[0] === 'number' ? 'numbers' : 'texts';
}

const listConversions: ReadonlySet<Conversion> = new Set(['list', 'ips', 'joined']);

function timeForm(seen: unknown): FlatForm {
  if (typeof seen === 'string') return 'iso';
  return typeof seen === 'number' && seen >= endSeconds ? 'millis' : 'number';
}
