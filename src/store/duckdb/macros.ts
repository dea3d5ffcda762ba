import type { IpRange } from '../../base/ip.ts';
import { formatIp } from '../../base/ip.ts';
import type { Macros } from '../macros.ts';
import { duckdbConditions } from './condition-dialect.ts';
import { literal } from './ddl.ts';

/** DuckDB's spelling of the pieces that engines write differently. */
export function createMacros(localRanges: readonly IpRange[]): Macros {
  return {
    conditions: duckdbConditions,
    micros: (time) => `epoch_us(${time})`,
    seconds: (time) => `(epoch_us(${time}) / 1e6)`,
    toTime: (micros) => `make_timestamp(${micros})`,
    dayMicros: (time) => `((epoch_us(${time}) // 86400000000) * 86400000000)`,
    hourMicros: (time) => `((epoch_us(${time}) // 3600000000) * 3600000000)`,
    countDistinct: (expression) => `count(DISTINCT ${expression})`,
    countIf: (condition) => `count(*) FILTER (WHERE ${condition})`,
    sumIf: (expression, condition) => `coalesce(sum(${expression}) FILTER (WHERE ${condition}), 0)`,
    quantile: (expression, q) => `quantile_cont(${expression}, ${q})`,
    median: (expression) => `median(${expression})`,
    standardDeviation: (expression) => `stddev_pop(${expression})`,
    anyOf: (expression) => `any_value(${expression})`,
    firstBy: (expression, by) => `arg_min(${expression}, ${by})`,
    lastBy: (expression, by) => `arg_max(${expression}, ${by})`,
    listOf: (expression, by, limit) => {
      const list = `list(${expression}${by === undefined ? '' : ` ORDER BY ${by}`})`;
      return limit === undefined ? list : `${list}[1:${limit}]`;
    },
    firstsBy: (expression, by, count) => `arg_min(${expression}, ${keyOf(by)}, ${count})`,
    keyOf,
    distinctListOf: (expression, limit) => {
      const list = `list_sort(list(DISTINCT ${expression}) FILTER (WHERE ${expression} IS NOT NULL))`;
      return limit === undefined ? list : `${list}[1:${limit}]`;
    },
    lengthOf: (text) => `length(${text})`,
    listLength: (list) => `coalesce(len(${list}), 0)`,
    listEntry: (list, index) => `${list}[${index + 1}]`,
    listFirst: (list) => `${list}[1]`,
    listJson: (list) => `CASE WHEN ${list} IS NOT NULL THEN CAST(to_json(${list}) AS VARCHAR) END`,
    listHas: (list, value) => `coalesce(list_contains(${list}, ${value}), FALSE)`,
    listAny: (list, condition) => `(len(list_filter(coalesce(${list}, []), lambda x: ${condition})) > 0)`,
    unnest: (list) => `(SELECT unnest(${list}) AS value)`,
    startsWith: (text, prefix) => `starts_with(${text}, ${prefix})`,
    endsWith: (text, suffix) => `ends_with(${text}, ${suffix})`,
    contains: (text, part) => `contains(${text}, ${part})`,
    jsonText: (json, key) => `json_extract_string(${json}, ${jsonPath([key])})`,
    jsonPathText: (json, path) => {
      const byName = `json_extract_string(${json}, ${jsonPath(path)})`;
      return path.some(isIndex) ? `coalesce(${byName}, json_extract_string(${json}, ${indexedPath(path)}))` : byName;
    },
    jsonList: (json, key) =>
      `CASE WHEN json_type(${json}, ${jsonPath([key])}) = 'ARRAY' THEN json_extract_string(${json}, ${jsonPath([key], '[*]')}) ELSE [json_extract_string(${json}, ${jsonPath([key])})] END`,
    jsonTexts: (json) => `json_extract_string(${json}, '$.*')`,
    jsonListMembers: (json, list, member, most) =>
      `coalesce(list_filter(json_extract_string(${json}, ${jsonPath([list], `[*]."${member}"`)})[1:${most}], lambda entry: entry IS NOT NULL), [])`,
    numberOf: (text) => `CASE WHEN isfinite(try_cast(${text} AS DOUBLE)) THEN try_cast(${text} AS DOUBLE) END`,
    entropy,
    ipNumber,
    isLocal: (ip) => isInRanges(ip, localRanges),
    isWithin: isInRanges,
  };
}

/** Path of keys from the outside in, as a literal; `behind` is what follows. */
function jsonPath(keys: readonly string[], behind = ''): string {
  const steps = keys.map((key) => `."${key.replaceAll('"', String.raw`\"`)}"`);
  return literal(`$${steps.join('')}${behind}`);
}

function isIndex(key: string): boolean {
  return /^\d{1,9}$/.test(key);
}

/** The same, where numbers are places in lists. */
function indexedPath(keys: readonly string[]): string {
  const steps = keys.map((key) => (isIndex(key) ? `[${key}]` : `."${key.replaceAll('"', String.raw`\"`)}"`));
  return literal(`$${steps.join('')}`);
}

/** Shannon entropy in bits per character: DuckDB's aggregate over the characters of a text. */
function keyOf(columns: readonly string[]): string {
  return `row(${columns.join(', ')})`;
}

function entropy(text: string): string {
  return `coalesce(list_entropy(string_split(${text}, '')), 0)`;
}

/** Canonical text to a number: four octets, or the groups before and after `::` with zeros between them. */
function ipNumber(ip: string): string {
  const v4 = `281470681743360::UHUGEINT + list_reduce(list_transform(string_split(${ip}, '.'), lambda x: try_cast(x AS UHUGEINT)), lambda a, b: a * 256 + b)`;
  const groups = (part: number): string =>
    `list_filter(string_split(split_part(${ip}, '::', ${part}), ':'), lambda g: g <> '')`;
  const all = `list_concat(list_concat(${groups(1)}, list_resize([]::VARCHAR[], 8 - len(${groups(1)}) - len(${groups(2)}), '0')), ${groups(2)})`;
  const v6 = `list_reduce(list_transform(${all}, lambda g: try_cast('0x' || g AS BIGINT)::UHUGEINT), lambda a, b: a * 65536 + b)`;
  return `CASE WHEN contains(${ip}, ':') THEN ${v6} WHEN ${ip} LIKE '%.%.%.%' THEN ${v4} END`;
}

/**
 * Networks are tested on the text, which canonical addresses allow, and all of them by one linear pattern. That it is
 * extracted and not only matched has a reason: DuckDB calls this function once for each entry of a column's dictionary,
 * and `regexp_matches` once for each row. Every pattern takes a character at least.
 */
function isInRanges(ip: string, ranges: readonly IpRange[]): string {
  if (ranges.length === 0) return 'FALSE';
  const pattern = `^(?:${ranges.map(patternOf).join('|')})`;
  return `coalesce(regexp_extract(${ip}, ${literal(pattern)}) <> '', FALSE)`;
}

const v4First = 0xffff_0000_0000n;
const v4Last = 0xffff_ffff_ffffn;

/** Whole leading octets as they stand, and of the octet that the network cuts through every number. */
function patternOf(range: IpRange): string {
  if (range.first === range.last) return `${escaped(formatIp(range.first))}$`;
  if (range.first < v4First || range.last > v4Last) return v6Pattern(range);
  const first = formatIp(range.first).split('.');
  const last = formatIp(range.last).split('.');
  const cut = first.findIndex((octet, index) => octet !== last[index]);
  const head = first.slice(0, cut).map((octet) => String.raw`${octet}\.`);
  const [low, high] = [Number(first[cut]), Number(last[cut])];
  const any = low === 0 && high === 255;
  const numbers = any ? '[0-9]+' : Array.from({ length: high - low + 1 }, (_none, index) => low + index).join('|');
  return String.raw`${head.join('')}(?:${numbers})${cut === 3 ? '$' : String.raw`\.`}`;
}

/** Leading groups as they stand, and of the first group, where the network cuts through it, every start of its digits. */
function v6Pattern(range: IpRange): string {
  const [low, high] = [Number(range.first >> 112n), Number(range.last >> 112n)];
  const shared = commonPrefix(formatIp(range.first), formatIp(range.last)).replace(/[^:]*$/, '');
  if (low === high && shared !== '') return escaped(shared);
  const groups = digitPrefixes(Math.max(low, 0x1000), high).map((prefix) => `${prefix}[0-9a-f]{${4 - prefix.length}}`);
  return `(?:${[...shortGroups(low, high), ...groups].join('|')}):`;
}

/** Canonical text drops leading zeros, and a first group of 0 altogether. */
function shortGroups(low: number, high: number): string[] {
  if (low === 0 && high >= 0xfff) return ['[0-9a-f]{0,3}'];
  const count = Math.max(0, Math.min(high, 0xfff) - low + 1);
  return Array.from({ length: count }, (_none, index) => (low + index === 0 ? '0?' : (low + index).toString(16)));
}

/** The shortest hexadecimal prefixes that stand for the groups from `first` to `last`: `fc`, `fd` for fc00 to fdff. */
function digitPrefixes(first: number, last: number): string[] {
  for (let digits = 1; digits < 4; digits++) {
    const size = 16 ** (4 - digits);
    if (first > last || first % size !== 0 || (last + 1) % size !== 0) continue;
    return Array.from({ length: (last + 1 - first) / size }, (_none, index) => (first / size + index).toString(16));
  }
  return Array.from({ length: Math.max(0, last + 1 - first) }, (_none, index) => (first + index).toString(16));
}

function escaped(text: string): string {
  return text.replaceAll('.', String.raw`\.`);
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
