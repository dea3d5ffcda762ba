import type { Mapping } from '../../../events/mapping.ts';
import { narrowEntries, readerEntries, readerPaths, takenPaths } from '../../../events/readers.ts';
import type { BulkRoute, JsonLayout } from '../../bulk.ts';
import { stageLineKey } from '../../store.ts';
import { keptWhen } from './fields.ts';
import { isUnclean, isWhole, restBelow, withoutNothing } from './json-fields.ts';
import { literal, type Fragment } from './fragment.ts';
import { jsonPath, locate, schemaOf, treeOf, type JsonPath, type TopSql } from './json-paths.ts';
import { readerSql } from './readers.ts';
import { objectOf, type Rows } from './rows.ts';

/** Lines up to this long are read by columns. */
const maxLineBytes = 16 * 1024 * 1024;

/**
 * JSON lines as rows. Each is taken apart once by the keys that are known; others are its rest. Of what the mapping
 * names only the known keys are read: a line that has another of them is irregular.
 */
export function jsonRows(layout: JsonLayout, route: BulkRoute, path: string): Rows {
  const { mapping, keys } = route;
  const named = namedPaths(mapping).map((name) => jsonPath(name, layout.nested));
  const paths = keys === undefined ? named : named.filter(({ top }) => keys.includes(top));
  const tops = topsOf(paths, keys ?? []);
  const entries = narrowEntries(mapping, new Set(paths.map((known) => known.path)));
  const operandOf = (name: string) => {
    const found = jsonPath(name, layout.nested);
    return locate(found, tops.get(found.top)?.sql ?? { json: 'NULL', parts: 'NULL', tree: null });
  };
  const columns = new Map(entries.map(([name, reader]) => [name, readerSql(reader, operandOf)]));
  const taken = new Set(takenPaths(mapping));
  const kept = keptWhen(entries, operandOf);
  const unread = new Set(named.map(({ top }) => top).filter((top) => !tops.has(top)));
  const unknown = unknownMembers(tops, layout.nested, [...unread]);
  const known = knownMembers(layout, tops, (name) => taken.has(name), kept);
  columns.set('fields', {
    sql: objectOf([...known.members, unknown.sql]),
    irregular: [...known.irregular, ...unknown.irregular],
  });
  return {
    from: rowsFrom(path, tops),
    columns,
    evidenceAt: 'TRY_CAST(line_number AS BIGINT)',
    evidenceLine: 'NULL',
    irregular: ['line_number IS NULL', strayComma, ...byteEscapes(layout)],
  };
}

function namedPaths(mapping: Mapping): string[] {
  const read = readerEntries(mapping).flatMap(([, reader]) => readerPaths(reader));
  return [...new Set([...read, ...(mapping.drop ?? [])])];
}

/** `JSON.parse` refuses it, and DuckDB does not. */
const strayComma = "contains(line, ',}') OR contains(line, ',]')";

function byteEscapes({ hasByteEscapes }: JsonLayout): string[] {
  return hasByteEscapes === true ? ["contains(line, '\\\\x')"] : [];
}

/** A key on top of the lines, with the paths that begin there; none for keys that are known but not read. */
interface Top {
  readonly key: string;
  readonly paths: readonly JsonPath[];
  readonly sql: TopSql;
}

function topsOf(paths: readonly JsonPath[], keys: readonly string[]): ReadonlyMap<string, Top> {
  const all = [...new Set([...paths.map(({ top }) => top), ...withoutNear(keys, paths)])];
  return new Map(
    all.map((key, index) => {
      const own = paths.filter(({ top }) => top === key);
      const tree = own.length === 0 ? null : treeOf(own.map(({ below }) => below));
      return [key, { key, paths: own, sql: { json: `t${index}`, parts: `p${index}`, tree } }];
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

function rowsFrom(path: string, tops: ReadonlyMap<string, Top>): string {
  const all = [...tops.values()];
  const schema = JSON.stringify(Object.fromEntries([stageLineKey, ...tops.keys()].map((key) => [key, 'JSON'])));
  const lines = `SELECT json::VARCHAR AS line, from_json(json, ${literal(schema)}) AS s, len(json_keys(json)) AS key_count
    FROM read_ndjson_objects(${literal(path)}, maximum_object_size = ${maxLineBytes})`;
  const values = all.map(({ key, sql }) => `struct_extract(s, ${literal(key)})::VARCHAR AS ${sql.json}`);
  const at = `struct_extract(s, ${literal(stageLineKey)})::VARCHAR AS line_number`;
  const flat = `SELECT line, key_count, ${[at, ...values].join(', ')} FROM (${lines})`;
  const parts = all.flatMap(({ sql: { json, parts: name, tree } }) =>
    tree === null || Object.keys(tree).length === 0
      ? []
      : [`from_json(${json}, ${literal(schemaOf(tree))}) AS ${name}`],
  );
  return `(SELECT *${parts.map((part) => `, ${part}`).join('')} FROM (${flat}))`;
}

/** Members of `fields` with known keys: those that are left or kept. */
function knownMembers(
  { nested }: JsonLayout,
  tops: ReadonlyMap<string, Top>,
  isTaken: (path: string) => boolean,
  kept: ReadonlyMap<string, string>,
): { readonly members: readonly string[]; readonly irregular: readonly string[] } {
  const members: string[] = [];
  const irregular: string[] = [];
  for (const { key, paths, sql } of tops.values()) {
    const takenHere = paths.filter(({ path }) => isTaken(path));
    const rest = restOf(takenHere, sql, nested);
    const whole = takenHere.find(isWhole);
    const condition = whole === undefined ? undefined : kept.get(whole.path);
    const json = condition === undefined ? rest.sql : `CASE WHEN ${condition} THEN ${sql.json} END`;
    if (json !== 'NULL') members.push(`${literal(`${JSON.stringify(key)}:`)} || ${json}`);
    irregular.push(...rest.irregular);
    // What stays inside an object or list is put together by the row decoder.
    irregular.push(...takenHere.flatMap(({ path }) => (path === whole?.path ? [] : (kept.get(path) ?? []))));
  }
  return { members, irregular };
}

function restOf(taken: readonly JsonPath[], sql: TopSql, nested: boolean): Fragment {
  if (taken.length > 0) return restBelow(taken, sql);
  const { json } = sql;
  const isObject = `starts_with(${json}, '{')`;
  const odd = `CASE WHEN ${json} IS NULL OR starts_with(${json}, '"') THEN FALSE ELSE ${oddNumbers(json)} END`;
  if (!nested) return { sql: json, irregular: [odd, isObject] };
  const rest = `CASE WHEN ${isObject} THEN nullif(${withoutNothing(json)}, '{}') ELSE ${json} END`;
  return { sql: rest, irregular: [odd, `${isObject} AND ${isUnclean(rest)}`] };
}

/** Numbers that no double holds, which the row decoder keeps as text or loses, and words that DuckDB takes for numbers. */
function oddNumbers(json: string): string {
  return `regexp_matches(${json}, '(?:^|[^0-9.])[0-9]{16}|[0-9][eE][+]?[0-9]{3}|NaN|Infinity')`;
}

/** Members with keys that are not known, as text between the braces; the line is read again only for them. */
function unknownMembers(tops: ReadonlyMap<string, Top>, nested: boolean, unread: readonly string[]): Fragment {
  const known = [...tops.values()].map(({ sql }) => `(${sql.json} IS NOT NULL)::INTEGER`);
  const isAllKnown = `key_count = ${['1', ...known].join(' + ')}`;
  const patch = JSON.stringify(Object.fromEntries([stageLineKey, ...tops.keys()].map((key) => [key, null])));
  const rest = `(json_merge_patch(line, ${literal(patch)})::VARCHAR)`;
  const clean = withoutNothing(rest);
  const odd = [
    // A key twice.
    'len(list_distinct(json_keys(line))) <> key_count',
    oddNumbers(rest),
    // In a flat record an object, of which nothing is left out; in a nested one empty objects inside each other.
    nested ? isUnclean(clean) : `contains(${rest}[2:], '{')`,
    ...(unread.length === 0
      ? []
      : [`len(list_filter(json_keys(line), lambda x: x IN (${unread.map(literal).join(', ')}))) > 0`]),
  ];
  return {
    sql: `CASE WHEN ${isAllKnown} THEN NULL ELSE nullif((${clean})[2:-2], '') END`,
    irregular: [`CASE WHEN ${isAllKnown} THEN FALSE ELSE ${odd.map((part) => `(${part})`).join(' OR ')} END`],
  };
}
