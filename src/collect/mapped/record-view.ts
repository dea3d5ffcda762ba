import { nestedGet } from '../mapping/paths.ts';
import { textOf } from '../mapping/convert.ts';
import type { LogMapping } from './log-mapping.ts';

export type JsonRow = Readonly<Record<string, unknown>>;

/** How a mapping looks at records. */
export interface RecordView {
  /** Whether the record has what the log is recognised by. */
  fits(row: JsonRow): boolean;
  /** The record with its times, durations and sizes in the units of the columns. */
  prepared(row: JsonRow): JsonRow;
}

export function createRecordView({ keys, values, isFlat, prepare }: LogMapping): RecordView {
  const getter = (path: string): ((row: JsonRow) => unknown) =>
    isFlat ? (row) => (Object.hasOwn(row, path) ? row[path] : undefined) : nestedGet(path);
  const needed = keys.map(getter);
  const fixed = [...values].map(([path, text]) => ({ get: getter(path), text }));
  const changes = [...prepare].map(([path, change]) => ({ path, get: getter(path), change }));
  return {
    fits: (row) =>
      needed.every((get) => get(row) !== undefined) &&
      fixed.every(({ get, text }) => {
        const value = get(row);
        return value !== undefined && textOf(value) === text;
      }),
    prepared(row) {
      let changed = row;
      for (const { path, get, change } of changes) {
        const value = get(row);
        const better = value === undefined || value === null ? undefined : change(value);
        if (better === undefined) continue;
        changed = isFlat ? { ...changed, [path]: better } : withValue(changed, path.split('.'), better);
      }
      return changed;
    },
  };
}

/** The record with another value at a path; what is no object on the way stays. */
function withValue(row: JsonRow, [key = '', ...rest]: readonly string[], value: unknown): JsonRow {
  if (rest.length === 0) return { ...row, [key]: value };
  const inner = row[key];
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return row;
  return { ...row, [key]: withValue(inner as JsonRow, rest, value) };
}
