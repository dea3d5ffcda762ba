import type { DelimitedColumn, DelimitedLayout } from '../../bulk.ts';
import type { Operand } from './fragment.ts';
import { literal, type Fragment } from './fragment.ts';

/** The cell of a column, in the forms that `collect/mapping/cell-text.ts` gives it. */
export function cellOperand(layout: DelimitedLayout, index: number): Operand {
  const column = layout.columns[index] ?? { name: '', isList: false, isText: true };
  const cell = `c${index}`;
  const text = { sql: column.json === 'number' ? numberText(cell) : cell, irregular: [] };
  return {
    // A list where one text is wanted has no common spelling: such rows are decoded.
    text: column.isList ? { sql: cell, irregular: [`${cell} IS NOT NULL`] } : text,
    list: column.isList ? cellList(column, layout, cell) : singleton(text, cell),
    json: cellJson(column, layout, cell),
    scalar: cell,
  };
}

function singleton(text: Fragment, cell: string): Fragment {
  return { sql: `CASE WHEN ${cell} IS NOT NULL THEN [${text.sql}] END`, irregular: text.irregular };
}

/**
 * `undoEscapes`: the cast to BLOB reads `\xNN`. Where the bytes are no UTF-8, those beyond ASCII keep their escapes; NULL
 * comes out where a backslash stands alone, or letters beyond ASCII beside escapes.
 */
function undo(text: string): string {
  const bytes = `replace(${text}, '\\\\', '\\x5C')`;
  const ascii = `regexp_replace(${bytes}, '\\\\x([89a-fA-F][0-9a-fA-F])', '\\\\x5Cx\\1', 'g')`;
  return `coalesce(TRY(decode(${bytes}::BLOB)), TRY(decode(${ascii}::BLOB)))`;
}

/** A number without the zeros that only its format adds. */
function numberText(text: string): string {
  const isPointed = `regexp_full_match(${text}, '[0-9]+[.][0-9]+')`;
  return `CASE WHEN ${isPointed} THEN rtrim(rtrim(${text}, '0'), '.') ELSE ${text} END`;
}

/** An entry of a list, which stands as it was written. */
function entryText(column: DelimitedColumn, layout: DelimitedLayout, entry: string): string {
  const empty = `WHEN ${entry} = ${literal(layout.empty)} THEN ''`;
  if (column.isText) return `CASE ${empty} WHEN contains(${entry}, '\\') THEN ${undo(entry)} ELSE ${entry} END`;
  return `CASE ${empty} ELSE ${column.json === 'number' ? numberText(entry) : entry} END`;
}

/** SQL for a list cell: `entry` makes the text of the entry `x`, and an entry of which it makes NULL is irregular. */
function entriesOf(layout: DelimitedLayout, cell: string, entry: string): string {
  const entries = `string_split(${cell}, ${literal(layout.listSeparator)})`;
  return `list_transform(list_filter(${entries}, lambda x: x <> ${literal(layout.unset)}), lambda x: ${entry})`;
}

function hasNull(list: string): string {
  return `len(list_filter(${list}, lambda x: x IS NULL)) > 0`;
}

function cellList(column: DelimitedColumn, layout: DelimitedLayout, cell: string): Fragment {
  const texts = entriesOf(layout, cell, entryText(column, layout, 'x'));
  const isEmpty = `${cell} = ${literal(layout.empty)}`;
  const sql = `CASE WHEN ${isEmpty} THEN []::VARCHAR[] WHEN ${cell} IS NOT NULL THEN ${texts} END`;
  if (!column.isText) return { sql, irregular: [] };
  return { sql, irregular: [`CASE WHEN contains(${cell}, '\\') THEN ${hasNull(sql)} ELSE FALSE END`] };
}

/** JSON text of a cell for `fields`. */
export function cellJson(column: DelimitedColumn, layout: DelimitedLayout, cell: string): Fragment {
  if (!column.isList) return { sql: valueJson(column, cell, cell), irregular: [] };
  const entry = entryText(column, layout, 'x');
  const values = entriesOf(layout, cell, valueJson(column, entry, 'x', true));
  const isEmpty = `${cell} = ${literal(layout.empty)}`;
  const list = `'[' || array_to_string(${values}, ',') || ']'`;
  return {
    sql: `CASE WHEN ${isEmpty} THEN '[]' WHEN ${cell} IS NOT NULL THEN ${list} END`,
    irregular: [`CASE WHEN ${isEmpty} THEN FALSE ELSE ${hasNull(values)} END`],
  };
}

/** A cell as JSON; entries of lists were not looked at before, and give NULL where they are not written as they should be. */
function valueJson(column: DelimitedColumn, text: string, cell: string, isEntry = false): string {
  if (column.json === undefined) return `to_json(${text})::VARCHAR`;
  if (column.json === 'boolean') return `CASE ${cell} WHEN 'T' THEN 'true' WHEN 'F' THEN 'false' END`;
  const isTime = column.json === 'time';
  const micros = `TRY_CAST(TRY_CAST(${cell} AS DOUBLE) * 1e6 AS BIGINT)`;
  const json = isTime ? `strftime(make_timestamp(${micros}), '"%Y-%m-%dT%H:%M:%S.%fZ"')` : cell;
  if (!isEntry) return json;
  return `CASE WHEN regexp_full_match(${cell}, ${isTime ? timePattern : numberPattern}) THEN ${json} END`;
}

const numberPattern = literal('-?(?:0|[1-9][0-9]{0,14})(?:[.][0-9]{1,9})?');
const timePattern = literal('[0-9]{1,11}(?:[.][0-9]{1,9})?');
