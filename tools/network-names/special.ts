import { parseCidr } from '../../src/base/ip.ts';
import { droppedBits } from '../../src/collect/packed/range-table.ts';

/** Networks that belong to nobody: private, shared, documentation, benchmarks, multicast (RFC 6890, RFC 5737, RFC 3849, RFC 9637). */
const networks: Readonly<Record<4 | 6, string>> = {
  4: '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.2.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/3',
  6: '2001:db8::/32 3fff::/20 fc00::/7 fe80::/10 ff00::/8',
};

/** Their ranges as range tables count, in order. */
export function specialRanges(version: 4 | 6): { readonly first: number; readonly last: number }[] {
  return networks[version].split(' ').flatMap((cidr) => {
    const range = parseCidr(cidr);
    const keyOf = (value: bigint): number => Number(version === 4 ? value & 0xffff_ffffn : value >> droppedBits);
    return range === undefined ? [] : [{ first: keyOf(range.first), last: keyOf(range.last) }];
  });
}
