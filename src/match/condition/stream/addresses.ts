import { parseIp, parseIpv4 } from '../../../base/ip.ts';
import type { NetworkTest } from '../condition.ts';
import type { Scalar } from '../resolver.ts';

const v4First = 0xffff_0000_0000n;
const v4Last = 0xffff_ffff_ffffn;

/** IPv4 as a number below 2^32, also where it is written as IPv6; IPv6 as a big integer; null for text that is no address. */
export function addressOf(text: string): number | bigint | null {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return v4;
  const address = parseIp(text);
  if (address === undefined) return null;
  return address >= v4First && address <= v4Last ? Number(address - v4First) : address;
}

/** Test of an address as `addressOf` gives it: IPv4 only lies in ranges that are wholly IPv4, IPv6 in none of these. */
export function networkTest(test: NetworkTest): (address: Scalar) => boolean {
  const isV4 = ({ first, last }: Range<bigint>): boolean => first >= v4First && last <= v4Last;
  const asV4 = ({ first, last }: Range<bigint>): Range<number> => ({
    first: Number(first - v4First),
    last: Number(last - v4First),
  });
  const inV4 = rangeTest(test.ranges.filter(isV4).map(asV4));
  const inV6 = rangeTest<bigint>(test.ranges.filter((range) => !isV4(range)));
  return (address) => {
    if (typeof address === 'number') return inV4(address);
    return typeof address === 'bigint' && inV6(address);
  };
}

interface Range<N> {
  readonly first: N;
  readonly last: N;
}

/** Binary search in the ranges, sorted and joined where they overlap. */
function rangeTest<N extends number | bigint>(ranges: readonly Range<N>[]): (address: N) => boolean {
  const sorted = [...ranges].sort((a, b) => (a.first < b.first ? -1 : 1));
  const [firsts, lasts]: [N[], N[]] = [[], []];
  for (const { first, last } of sorted) {
    const before = lasts.at(-1);
    if (before === undefined || first > before) {
      firsts.push(first);
      lasts.push(last);
    } else if (last > before) lasts[lasts.length - 1] = last;
  }
  return (address) => {
    let [low, high] = [0, firsts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const first = firsts[middle];
      if (first !== undefined && first <= address) low = middle + 1;
      else high = middle;
    }
    const last = lasts[low - 1];
    return last !== undefined && address <= last;
  };
}
