import type { ConditionDialect } from '../../match/condition/sql/dialect.ts';
import { literal } from './ddl.ts';

const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const smalls = capitals.toLowerCase();
const wholeForm = "'[+-]?[0-9]{1,38}'";
const numberForm = String.raw`'[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?'`;
const octet = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const v4Form = `${octet}(?:[.]${octet}){3}`;
const v6Groups = '[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{1,4})*';
const v6Form = `(?:${v6Groups})?(?:::(?:${v6Groups})?)?`;

/** How deep the list function stands that is written now: each level names its value anew. */
let lambdaDepth = 0;

/** DuckDB's spelling of what conditions ask. */
export const duckdbConditions: ConditionDialect = {
  text,
  integer: (value) => `${value}::HUGEINT`,
  address: (value) => `${value}::UHUGEINT`,
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
  wholeOfText,
  wholeOfReal: (value) => `CASE WHEN ${isWholeReal(value)} THEN try_cast(${value} AS HUGEINT) END`,
  realOfText: (value) =>
    `CASE WHEN ${isOtherNumber(value)} AND NOT ${isWholeReal(double(value))} THEN ${double(value)} END`,
  realOfReal: (value) => `CASE WHEN NOT (isnan(${value}) OR ${isWholeReal(value)}) THEN ${value} END`,
  isNumber: (value) => `NOT isnan(${value})`,
  wholeToReal: (value) => `(${value})::DOUBLE`,
  addressNumber,
  bind,
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

function double(text: string): string {
  return `try_cast(${text} AS DOUBLE)`;
}

function isWholeReal(real: string): string {
  return `(abs(${real}) < 1.7e38 AND trunc(${real}) = ${real})`;
}

/** Text that is a number, but not of up to 38 digits alone. */
function isOtherNumber(text: string): string {
  return `regexp_full_match(${text}, ${numberForm}) AND NOT regexp_full_match(${text}, ${wholeForm}) AND isfinite(${double(text)})`;
}

function wholeOfText(text: string): string {
  const isOtherWhole = `${isOtherNumber(text)} AND ${isWholeReal(double(text))}`;
  return `CASE WHEN regexp_full_match(${text}, ${wholeForm}) THEN try_cast(${text} AS HUGEINT) WHEN ${isOtherWhole} THEN try_cast(${double(text)} AS HUGEINT) END`;
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

/** Dotted quad as a number below 2^32; other text is null. */
function ipv4Number(value: string): string {
  const digits = [1, 2, 3, 4].map((part) => `try_cast(split_part(${value}, '.', ${part}) AS BIGINT)`);
  const [a, b, c, d] = digits;
  return `CASE WHEN regexp_full_match(${value}, '${v4Form}') THEN ${a} * 16777216 + ${b} * 65536 + ${c} * 256 + ${d} END`;
}

function addressNumber(value: string): string {
  const v6 = bind(`split_part(${value}, '%', 1)`, ipv6Number);
  return `CASE WHEN contains(${value}, ':') THEN ${v6} ELSE 281470681743360::UHUGEINT + (${ipv4Number(value)})::UHUGEINT END`;
}

/** RFC 4291 text without its zone: an IPv4 tail becomes two groups. */
function ipv6Number(plain: string): string {
  const tail = `split_part(${plain}, ':', -1)`;
  const head = `left(${plain}, length(${plain}) - length(${tail}))`;
  const groups = bind(ipv4Number(tail), (v4) => `printf('%x:%x', ${v4} // 65536, ${v4} % 65536)`);
  const text = `CASE WHEN length(${plain}) > 45 THEN NULL WHEN contains(${tail}, '.') THEN ${head} || ${groups} ELSE ${plain} END`;
  return bind(text, groupsNumber);
}

/** Groups of hexadecimal digits, `::` standing for as many zeros as are wanting. */
function groupsNumber(text: string): string {
  const edges = `starts_with(${text}, '::')::INTEGER + ends_with(${text}, '::')::INTEGER`;
  const missing = `8 - (length(${text}) - length(replace(${text}, ':', '')) - (${edges}))`;
  const whole = `trim(replace(${text}, '::', ':' || repeat('0:', ${missing})), ':')`;
  const isWhole = `CASE WHEN contains(${text}, '::') THEN ${missing} > 0 ELSE ${missing} = 1 END`;
  // DuckDB may compute a branch that is not taken: no text may make it overflow.
  const numbers = `list_transform(string_split(${whole}, ':')[1:8], lambda hex: try_cast('0x' || left(hex, 4) AS BIGINT)::UHUGEINT)`;
  const number = `list_reduce(${numbers}, lambda high, low: high * 65536 + low)`;
  return `CASE WHEN regexp_full_match(${text}, '${v6Form}') AND ${isWhole} THEN ${number} END`;
}

/** A list of one value takes the place of the LET that SQL lacks. */
function bind(value: string, body: (name: string) => string): string {
  return `list_transform([${value}], ${lambda(body)})[1]`;
}
