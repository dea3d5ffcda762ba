import type { IpRange } from '../../base/ip.ts';
import { formatIp } from '../../base/ip.ts';
import type { Macros } from '../macros.ts';
import { literal } from './ddl.ts';

/** DuckDB's spelling of the pieces that engines write differently. */
export function createMacros(localRanges: readonly IpRange[]): Macros {
  return {
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
    distinctListOf: (expression, limit) => {
      const list = `list_sort(list(DISTINCT ${expression}) FILTER (WHERE ${expression} IS NOT NULL))`;
      return limit === undefined ? list : `${list}[1:${limit}]`;
    },
    lengthOf: (text) => `length(${text})`,
    listLength: (list) => `coalesce(len(${list}), 0)`,
    listHas: (list, value) => `coalesce(list_contains(${list}, ${value}), FALSE)`,
    listAny: (list, condition) => `(len(list_filter(coalesce(${list}, []), lambda x: ${condition})) > 0)`,
    unnest: (list) => `(SELECT unnest(${list}) AS value)`,
    startsWith: (text, prefix) => `starts_with(${text}, ${prefix})`,
    contains: (text, part) => `contains(${text}, ${part})`,
    jsonText: (json, key) => `json_extract_string(${json}, ${literal(`$."${key.replaceAll('"', String.raw`\"`)}"`)})`,
    entropy,
    ipNumber,
    isLocal: (ip) => isInRanges(ip, localRanges),
    isWithin: isInRanges,
  };
}

/** Shannon entropy in bits per character: DuckDB's aggregate over the characters of a text. */
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
 * A text test where the range ends on an octet (the usual case, and fast), else a comparison of the four octets as one
 * number. IPv6 ranges are compared as text of their fixed leading groups, which canonical text allows for /16 multiples
 * and for the short prefixes fc00::/7 and fe80::/10.
 */
function isInRanges(ip: string, ranges: readonly IpRange[]): string {
  if (ranges.length === 0) return 'FALSE';
  return `coalesce((${ranges.map((range) => isInRange(ip, range)).join(' OR ')}), FALSE)`;
}

const v4First = 0xffff_0000_0000n;
const v4Last = 0xffff_ffff_ffffn;

function isInRange(ip: string, range: IpRange): string {
  if (range.first < v4First || range.last > v4Last) return isInV6Range(ip, range);
  const bits = (range.last - range.first).toString(2).length;
  if (range.first === range.last) return `${ip} = ${literal(formatIp(range.first))}`;
  if (range.last - range.first === (1n << BigInt(bits)) - 1n && bits % 8 === 0) {
    const octets = formatIp(range.first).split('.').slice(0, 4 - bits / 8);
    return `starts_with(${ip}, ${literal(`${octets.join('.')}.`)})`;
  }
  const number = `list_reduce(list_transform(string_split(${ip}, '.'), lambda x: try_cast(x AS BIGINT)), lambda a, b: a * 256 + b)`;
  const head = commonPrefix(formatIp(range.first), formatIp(range.last));
  return `(starts_with(${ip}, ${literal(head)}) AND NOT contains(${ip}, ':') AND ${number} BETWEEN ${range.first - v4First} AND ${range.last - v4First})`;
}

function isInV6Range(ip: string, range: IpRange): string {
  if (range.first === range.last) return `${ip} = ${literal(formatIp(range.first))}`;
  const first = Number(range.first >> 112n);
  const last = Number(range.last >> 112n);
  const group = `try_cast('0x' || split_part(${ip}, ':', 1) AS BIGINT)`;
  if (first !== last) return `(contains(${ip}, ':') AND ${group} BETWEEN ${first} AND ${last})`;
  const fixed = commonPrefix(formatIp(range.first), formatIp(range.last)).replace(/[^:]*$/, '');
  return `starts_with(${ip}, ${literal(fixed)})`;
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return a.slice(0, length);
}
