import type { Operand } from './fragment.ts';
import { anyOf, literal, type Fragment } from './fragment.ts';
import { stage, type Stages } from './stages.ts';

/**
 * The JSON of a value (SQL that gives its text, NULL for none and for `null`) in the forms that conversions need, as
 * `collect/mapping/convert.ts` makes them of a parsed value.
 */
export function jsonOperand(json: string, stages: Stages): Operand {
  const entries = stages.add(stage.entries, `CASE WHEN ${isList(json)} THEN ${listEntries(json)} END`);
  return {
    text: valueText(json, stages),
    list: valueList(json, entries, stages),
    json: { sql: json, irregular: [] },
    scalar: json,
    isChecked: false,
  };
}

/** For a path that gives entries of lists: `list` of their JSON, of which one conversions take the first. */
export function entriesOperand(list: string, stages: Stages): Operand {
  const first = `(${list}[1])`;
  return {
    text: valueText(first, stages),
    list: entriesText(list, stages),
    json: { sql: `'[' || array_to_string(${list}, ',') || ']'`, irregular: [] },
    scalar: first,
    hasSeveral: `len(${list}) > 1`,
    isChecked: false,
  };
}

/** For a path that this way cannot follow: a row that has anything there is irregular. */
export function strangeOperand(json: string): Operand {
  const none: Fragment = { sql: 'NULL', irregular: [`${json} IS NOT NULL`] };
  return { text: none, list: none, json: none, scalar: 'NULL', isChecked: true };
}

function isString(json: string): string {
  return `starts_with(${json}, '"')`;
}

/** Text without its quotes, a number without a fraction of zero; other values as they are spelled. */
function textOf(json: string): string {
  const unescaped = `CASE WHEN contains(${json}, '\\') THEN json_extract_string(${json}, '$') ELSE ${json}[2:-2] END`;
  return `CASE WHEN ${isString(json)} THEN ${unescaped} WHEN ends_with(${json}, '.0') THEN ${json}[:-3] ELSE ${json} END`;
}

/** What DuckDB and JavaScript spell alike: numbers below 2^53 that neither writes with an exponent. */
const whole = '(?:[1-9][0-9]{0,14}|[1-8][0-9]{15})';
const alike = literal(
  `true|false|0|-?${whole}(?:[.][0-9]{0,17}[1-9])?|-?0[.]0{0,5}[1-9](?:[0-9]{0,18}[1-9])?|(?:0|${whole})[.]0`,
);

function isUnlike(json: string): string {
  return `CASE WHEN ${isString(json)} THEN FALSE ELSE NOT regexp_full_match(${json}, ${alike}) END`;
}

function valueText(json: string, stages: Stages): Fragment {
  return { sql: stages.add(stage.text, textOf(json)), irregular: [isUnlike(json)] };
}

function entriesText(list: string, stages: Stages): Fragment {
  return {
    sql: stages.add(stage.text, `list_transform(${list}, lambda x: ${textOf('x')})`),
    irregular: [`len(list_filter(${list}, lambda x: ${isUnlike('x')})) > 0`],
  };
}

/** The JSON of each entry of a JSON list that is not null. */
export function listEntries(json: string): string {
  return `list_filter(list_transform(from_json(${json}, '["JSON"]'), lambda x: x::VARCHAR), lambda x: x IS NOT NULL)`;
}

export function isList(json: string): string {
  return `starts_with(${json}, '[')`;
}

/** A list of text from a list, or from a single value. */
function valueList(json: string, entries: string, stages: Stages): Fragment {
  const texts = entriesText(entries, stages);
  const text = valueText(json, stages);
  return {
    sql: `CASE WHEN ${isList(json)} THEN ${texts.sql} WHEN ${json} IS NOT NULL THEN [${text.sql}] END`,
    irregular: [`CASE WHEN ${isList(json)} THEN ${anyOf(texts.irregular)} ELSE ${isUnlike(json)} END`],
  };
}
