import type { Mapping } from '../../../events/mapping.ts';
import { narrowEntries, readerEntries, readerPaths } from '../../../events/readers.ts';
import type { BulkRoute } from '../../bulk.ts';
import { stageLineKey } from '../../store.ts';
import { keptWhen } from './fields.ts';
import { literal } from './fragment.ts';
import { jsonFields, type Top } from './nested-fields.ts';
import { jsonPath, locate, treeOf, type JsonPath } from './nested-paths.ts';
import { readerSql } from './readers.ts';
import type { Rows } from './rows.ts';
import { stage, Stages } from './stages.ts';

/** Lines up to this long are read by columns. */
const maxLineBytes = 16 * 1024 * 1024;

/**
 * Nested JSON lines as rows. Each is taken apart once by the keys that are known; others are its rest. Of what the mapping
 * names only the known keys are read: a line that has another of them is irregular.
 */
export function nestedRows(route: BulkRoute, path: string): Rows {
  const { mapping, keys } = route;
  const named = namedPaths(mapping).map(jsonPath);
  const paths = keys === undefined ? named : named.filter(({ top }) => keys.includes(top));
  const stages = new Stages();
  const tops = topsOf(paths, keys ?? [], stages);
  const entries = narrowEntries(mapping, new Set(paths.map((known) => known.path)));
  const operandOf = (name: string) => {
    const found = jsonPath(name);
    return locate(found, tops.get(found.top) ?? { json: 'NULL', tree: null }, stages);
  };
  const columns = new Map(entries.map(([name, reader]) => [name, readerSql(reader, operandOf)]));
  columns.set('fields', jsonFields({ mapping, tops, named, stages }, keptWhen(entries, operandOf)));
  return {
    from: stages.from(linesOf(path, [...tops.keys()])),
    columns,
    evidenceAt: 'TRY_CAST(line_number AS BIGINT)',
    evidenceLine: 'NULL',
    irregular: ['line_number IS NULL', strayComma],
  };
}

function namedPaths(mapping: Mapping): string[] {
  const read = readerEntries(mapping).flatMap(([, reader]) => readerPaths(reader));
  return [...new Set([...read, ...(mapping.drop ?? [])])];
}

/** `JSON.parse` refuses it, and DuckDB does not. */
const strayComma = "contains(line, ',}') OR contains(line, ',]')";

function topsOf(paths: readonly JsonPath[], keys: readonly string[], stages: Stages): ReadonlyMap<string, Top> {
  const all = [...new Set([...paths.map(({ top }) => top), ...withoutNear(keys, paths)])];
  return new Map(
    all.map((key) => {
      const own = paths.filter(({ top }) => top === key);
      const tree = own.length === 0 ? null : treeOf(own.map(({ below }) => below));
      return [key, { paths: own, json: stages.add(stage.top, `struct_extract(s, ${literal(key)})::VARCHAR`), tree }];
    }),
  );
}

/** DuckDB holds two keys that differ in case only for the same: the second stays unknown. */
function withoutNear(keys: readonly string[], paths: readonly JsonPath[]): string[] {
  const seen = new Set(paths.map(({ top }) => top.toLowerCase()));
  return keys.filter((key) => {
    const near = key.toLowerCase();
    if (seen.has(near) || near === stageLineKey) return false;
    seen.add(near);
    return true;
  });
}

/** Each line as text, its keys counted and its top values in a struct. */
function linesOf(path: string, keys: readonly string[]): string {
  const schema = JSON.stringify(Object.fromEntries([stageLineKey, ...keys].map((key) => [key, 'JSON'])));
  const parts = `json::VARCHAR AS line, from_json(json, ${literal(schema)}) AS s, len(json_keys(json)) AS key_count`;
  const file = `read_ndjson_objects(${literal(path)}, maximum_object_size = ${maxLineBytes})`;
  return `(SELECT *, struct_extract(s, ${literal(stageLineKey)})::VARCHAR AS line_number FROM (SELECT ${parts} FROM ${file}))`;
}
