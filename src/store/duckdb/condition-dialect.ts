import type { ConditionDialect } from '../../match/condition/sql/dialect.ts';
import { literal } from './ddl.ts';

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const smalls = capitals.toLowerCase();
const wholeForm = "'[+-]?[0-9]{1,38}'";
const numberForm = String.raw`'[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?'`;
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const v4Form = `${octet}(?:[.]${octet}){3}`;
const groups = '[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*';

/** How deep the list function stands that is written now: each level names its value anew. */
let lambdaDepth = 0;

/** DuckDB's spelling of what conditions ask. */
export const duckdbConditions: ConditionDialect = {
  text,
  integer: (value) => `${value}::HUGEINT`,
  real: (value) => `'${doubleText(value)}'::DOUBLE`,
  lower: (value) => `lower(${value})`,
  asciiLower: (value) => `translate(${value}, '${capitals}', '${smalls}')`,
  asciiUpper: (value) => `translate(${value}, '${smalls}', '${capitals}')`,
  contains: (value, part) => `contains(${value}, ${part})`,
  startsWith: (value, prefix) => `starts_with(${value}, ${prefix})`,
  endsWith: (value, suffix) => `ends_with(${value}, ${suffix})`,
  matches: (value, pattern) => `regexp_matches(${value}, ${pattern})`,
  basename: (value) => `split_part(${value}, '/', -1)`,
  tidyPath: (value) => `regexp_replace('/' || ${value} || '/', '/+', '/', 'g')`,
  byteLength: (value) => `strlen(${value})`,
  hex: (value) => `hex(encode(${value}))`,
  base64Text,
  join: (list, separator) => `list_reduce(${list}, lambda one, other: one || ${separator} || other)`,
  integerText: (value) => `(${value})::VARCHAR`,
  realText: (value) =>
    `CASE WHEN isnan(${value}) THEN NULL WHEN abs(${value}) < 1e38 AND trunc(${value}) = ${value} THEN (${value})::HUGEINT::VARCHAR ELSE (${value})::VARCHAR END`,
  booleanText: (value) => `(${value})::VARCHAR`,
  micros: (value) => `epoch_us(${value})`,
  wholeOfText: (value) => `CASE WHEN regexp_full_match(${value}, ${wholeForm}) THEN try_cast(${value} AS HUGEINT) END`,
  wholeOfReal: (value) =>
    `CASE WHEN abs(${value}) < 1.7e38 AND trunc(${value}) = ${value} THEN try_cast(${value} AS HUGEINT) END`,
  realOfText: (value) =>
    `CASE WHEN regexp_full_match(${value}, ${numberForm}) AND NOT regexp_full_match(${value}, ${wholeForm}) AND isfinite(try_cast(${value} AS DOUBLE)) THEN try_cast(${value} AS DOUBLE) END`,
  realOfReal: (value) => `CASE WHEN NOT isnan(${value}) THEN ${value} END`,
  wholeToReal: (value) => `(${value})::DOUBLE`,
  ipv4Number,
  ipv6Number,
  list: (values) => `[${values.join(', ')}]::VARCHAR[]`,
  concatLists: (lists) => lists.reduce((all, list) => `list_concat(${all}, ${list})`),
  mapList: (list, map) => `list_transform(${list}, ${lambda(map)})`,
  filterList: (list, condition) => `list_filter(${list}, ${lambda(condition)})`,
  listLength: (list) => `len(${list})`,
};

function lambda(body: (value: string) => string): string {
  const name = `value${++lambdaDepth}`;
  try {
    return `lambda ${name}: ${body(name)}`;
  } finally {
    lambdaDepth--;
  }
}

/** A quoted constant; the parser would end it at a zero character. */
function text(value: string): string {
  if (!value.includes('\0')) return literal(value);
  return `(${value.split('\0').map(literal).join(' || chr(0) || ')})`;
}

function doubleText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return value > 0 ? 'inf' : '-inf';
}

/** Digits without their padding; none may be left over, and padding must be whole. */
function base64Text(value: string): string {
  const digits = `rtrim(${value}, '=')`;
  const padded = `${digits} || repeat('=', (4 - length(${digits}) % 4) % 4)`;
  const isWhole = `length(${digits}) % 4 <> 1 AND (${value} = ${digits} OR length(${value}) % 4 = 0)`;
  return `CASE WHEN regexp_full_match(${value}, '[A-Za-z0-9+/]*={0,2}') AND ${isWhole} THEN try(decode(from_base64(${padded}))) END`;
}

function ipv4Number(value: string): string {
  const digits = [1, 2, 3, 4].map((part) => `try_cast(split_part(${value}, '.', ${part}) AS HUGEINT)`);
  const [a, b, c, d] = digits;
  return `CASE WHEN regexp_full_match(${value}, '${v4Form}') THEN ${a} * 16777216 + ${b} * 65536 + ${c} * 256 + ${d} END`;
}

/** RFC 4291 text in any form, its zone left out: an IPv4 tail becomes two groups, `::` as many as are wanting. */
function ipv6Number(value: string): string {
  const plain = `split_part(${value}, '%', 1)`;
  const tail = `split_part(${plain}, ':', -1)`;
  const tailGroups = `printf('%x:%x', (${ipv4Number(tail)} // 65536)::BIGINT, (${ipv4Number(tail)} % 65536)::BIGINT)`;
  const full = `CASE WHEN contains(${tail}, '.') THEN left(${plain}, length(${plain}) - length(${tail})) || ${tailGroups} ELSE ${plain} END`;
  const part = (index: number): string =>
    `list_filter(string_split(split_part(text, '::', ${index}), ':'), lambda g: g <> '')`;
  const zeros = `list_resize([]::VARCHAR[], 8 - len(${part(1)}) - len(${part(2)}), '0')`;
  const all = `list_concat(list_concat(${part(1)}, ${zeros}), ${part(2)})`;
  const number = `list_reduce(list_transform(${all}, lambda g: ('0x' || g)::BIGINT::UHUGEINT), lambda a, b: a * 65536 + b)`;
  const isWhole = `CASE WHEN contains(text, '::') THEN len(${part(1)}) + len(${part(2)}) < 8 ELSE len(${part(1)}) = 8 END`;
  const isAddress = `length(${plain}) <= 45 AND regexp_full_match(text, '(?:${groups})?(?:::(?:${groups})?)?') AND ${isWhole}`;
  const checked = `CASE WHEN ${isAddress} THEN ${number} END`;
  return `CASE WHEN contains(${value}, ':') THEN list_transform([${full}], lambda text: ${checked})[1] END`;
}
