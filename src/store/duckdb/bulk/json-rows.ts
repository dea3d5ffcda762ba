import { readerEntries, readerPaths, takenPaths } from '../../../events/readers.ts';
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

/** JSON lines as rows. Each is taken apart once by the keys that the mapping and the plan know; the others are its rest. */
export function jsonRows(layout: JsonLayout, route: BulkRoute, path: string): Rows {
  const { mapping } = route;
  const entries = readerEntries(mapping);
  const named = [...new Set([...entries.flatMap(([, reader]) => readerPaths(reader)), ...(mapping.drop ?? [])])];
  const paths = named.map((name) => jsonPath(name, layout.nested));
  const tops = topsOf(paths, route.leftKeys ?? []);
  const top = (name: string): TopSql => tops.get(name)?.sql ?? { json: 'NULL', parts: 'NULL', tree: null };
  const operandOf = (name: string) => {
    const found = jsonPath(name, layout.nested);
    return locate(found, top(found.top));
  };
  const columns = new Map(entries.map(([name, reader]) => [name, readerSql(reader, operandOf)]));
  const taken = new Set(takenPaths(mapping));
  const kept = keptWhen(entries, operandOf);
  columns.set(
    'fields',
    fieldsOf(layout, tops, (name) => taken.has(name), kept),
  );
  return {
    from: rowsFrom(path, tops),
    columns,
    evidenceAt: `TRY_CAST(at AS BIGINT)`,
    evidenceLine: 'NULL',
    irregular: ['at IS NULL', strayComma, ...byteEscapes(layout)],
  };
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

function topsOf(paths: readonly JsonPath[], leftKeys: readonly string[]): ReadonlyMap<string, Top> {
  const keys = [...new Set([...paths.map(({ top }) => top), ...withoutNear(leftKeys, paths)])];
  return new Map(
    keys.map((key, index) => {
      const own = paths.filter(({ top }) => top === key);
      const tree = own.length === 0 ? null : treeOf(own.map(({ below }) => below));
      return [key, { key, paths: own, sql: { json: `t${index}`, parts: `p${index}`, tree } }];
    }),
  );
}

/** DuckDB holds two keys that differ in case only for the same: the second stays unknown. */
function withoutNear(leftKeys: readonly string[], paths: readonly JsonPath[]): string[] {
  const seen = new Set(paths.map(({ top }) => top.toLowerCase()));
  return leftKeys.filter((key) => {
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
  const at = `struct_extract(s, ${literal(stageLineKey)})::VARCHAR AS at`;
  const flat = `SELECT line, key_count, ${[at, ...values].join(', ')} FROM (${lines})`;
  const parts = all.flatMap(({ sql: { json, parts: name, tree } }) =>
    tree === null || Object.keys(tree).length === 0
      ? []
      : [`from_json(${json}, ${literal(schemaOf(tree))}) AS ${name}`],
  );
  return `(SELECT *${parts.map((part) => `, ${part}`).join('')} FROM (${flat}))`;
}

/** Members of `fields`: known keys that are left or kept, then whatever keys nobody knew. */
function fieldsOf(
  { nested }: JsonLayout,
  tops: ReadonlyMap<string, Top>,
  isTaken: (path: string) => boolean,
  kept: ReadonlyMap<string, string>,
): Fragment {
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
  const unknown = unknownMembers(tops, nested);
  return { sql: objectOf([...members, unknown.sql]), irregular: [...irregular, ...unknown.irregular] };
}

function restOf(taken: readonly JsonPath[], sql: TopSql, nested: boolean): Fragment {
  if (taken.length > 0) return restBelow(taken, sql);
  if (!nested) return { sql: sql.json, irregular: [isNoJsonNumber(sql.json)] };
  const isObject = `starts_with(${sql.json}, '{')`;
  const rest = `CASE WHEN ${isObject} THEN nullif(${withoutNothing(sql.json)}, '{}') ELSE ${sql.json} END`;
  return { sql: rest, irregular: [isNoJsonNumber(sql.json), `${isObject} AND ${isUnclean(rest)}`] };
}

/** DuckDB takes these for numbers. */
function isNoJsonNumber(json: string): string {
  return `${json} IN ('NaN', 'Infinity', '-Infinity')`;
}

/** Members with keys that neither mapping nor plan knows, as text between the braces; the line is read again only for them. */
function unknownMembers(tops: ReadonlyMap<string, Top>, nested: boolean): Fragment {
  const known = [...tops.values()].map(({ sql }) => `(${sql.json} IS NOT NULL)::INTEGER`);
  const isAllKnown = `key_count = 1 + ${known.join(' + ')}`;
  const patch = JSON.stringify(Object.fromEntries([stageLineKey, ...tops.keys()].map((key) => [key, null])));
  const rest = `json_merge_patch(line, ${literal(patch)})::VARCHAR`;
  const clean = withoutNothing(rest);
  const sql = `CASE WHEN ${isAllKnown} THEN NULL ELSE nullif((${clean})[2:-2], '') END`;
  // A key twice; and in a flat record an object, of which nothing would be left out.
  const odd = nested ? isUnclean(clean) : `contains(${rest}[2:], '{')`;
  const hasTwice = 'len(list_distinct(json_keys(line))) <> key_count';
  return {
    sql,
    irregular: [`CASE WHEN ${isAllKnown} THEN FALSE ELSE ${hasTwice} OR ${odd} OR contains(${rest}, ':NaN') END`],
  };
}
