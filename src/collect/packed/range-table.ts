import { VakthundError } from '../../base/errors.ts';
import { parseIp } from '../../base/ip.ts';
import { readVarints } from './varints.ts';

/** Sorted ranges of whole numbers, none overlapping another, each with a number that means something to its reader. */
export interface RangeTable {
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly value: Uint32Array;
}

/** Ranges that a table may hold: its count stands in a file, and memory is taken for it. */
const maxRanges = 4_000_000;

/**
 * Reads what `tools/network-names` packed: the count, then three runs of varints, one after the other: the gaps before the
 * ranges, their sizes, their values. Throws `INTERNAL` when it is cut or does not add up.
 */
export function unpackRanges(bytes: Uint8Array): RangeTable {
  const head = readVarints(bytes, 0, 1);
  const count = head.values[0] ?? 0;
  if (count > maxRanges) throw new VakthundError('INTERNAL', `a range table of ${count} ranges`);
  const gaps = readVarints(bytes, head.end, count);
  const sizes = readVarints(bytes, gaps.end, count);
  const values = readVarints(bytes, sizes.end, count);
  if (values.end !== bytes.length) throw new VakthundError('INTERNAL', 'a range table with more than its ranges');
  const first = new Float64Array(count);
  const last = new Float64Array(count);
  let next = 0;
  for (let at = 0; at < count; at++) {
    first[at] = next + (gaps.values[at] ?? 0);
    next = (first[at] ?? 0) + (sizes.values[at] ?? 0);
    last[at] = next - 1;
  }
  return { first, last, value: Uint32Array.from(values.values) };
}

/** Value of the range that holds the number; undefined when none does. */
export function valueAt(table: RangeTable, number: number): number | undefined {
  let low = 0;
  let high = table.first.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if ((table.first[middle] ?? 0) > number) high = middle - 1;
    else if ((table.last[middle] ?? 0) < number) low = middle + 1;
    else return table.value[middle];
  }
  return undefined;
}

const v4Prefix = 0xffffn;
/** Bits of an IPv6 address that range tables leave out: nobody is given less than a /48. */
export const droppedBits = 80n;

/** What an address is looked up by: all of an IPv4 address, the first 48 bits of an IPv6 one. Undefined for other text. */
export function rangeKey(ip: string): { readonly version: 4 | 6; readonly number: number } | undefined {
  const value = parseIp(ip);
  if (value === undefined) return undefined;
  if (value >> 32n === v4Prefix) return { version: 4, number: Number(value & 0xffff_ffffn) };
  return { version: 6, number: Number(value >> droppedBits) };
}
