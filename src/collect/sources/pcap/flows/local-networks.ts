import { parseCidr, parseIp } from '../../../../base/ip.ts';

/**
 * What Zeek takes for local when nothing is set: addresses that are not routed on the Internet (IANA special-purpose
 * registries). Without those for documentation, which stand for places outside in drills and samples.
 */
const localNetworks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '240.0.0.0/4',
  '::/128',
  '::1/128',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  'fc00::/7',
  'fe80::/10',
  // The same IPv4 networks as 6to4 addresses.
  '2002::/24',
  '2002:a00::/24',
  '2002:6440::/26',
  '2002:7f00::/24',
  '2002:a9fe::/32',
  '2002:ac10::/28',
  '2002:c000::/40',
  '2002:c000:200::/40',
  '2002:c0a8::/32',
  '2002:c612::/31',
  '2002:c633:6400::/40',
  '2002:cb00:7100::/40',
  '2002:f000::/20',
];

/** A network as four 32-bit words and which of their bits count. */
interface Prefix {
  readonly words: readonly [number, number, number, number];
  readonly masks: readonly [number, number, number, number];
}

const prefixes = localNetworks.flatMap((cidr): Prefix[] => {
  const range = parseCidr(cidr);
  if (range === undefined) return [];
  // Bits in which the first and the last address agree.
  const mask = ~(range.first ^ range.last) & ((1n << 128n) - 1n);
  return [{ words: wordsOf(range.first), masks: wordsOf(mask) }];
});

function wordsOf(value: bigint): [number, number, number, number] {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn) | 0;
  return [word(96n), word(64n), word(32n), word(0n)];
}

/** Takes an address as four 32-bit words, IPv4 as `::ffff:a.b.c.d`. */
export function isLocalAddress(word0: number, word1: number, word2: number, word3: number): boolean {
  return prefixes.some(
    ({ words, masks }) =>
      ((word3 ^ words[3]) & masks[3]) === 0 &&
      ((word2 ^ words[2]) & masks[2]) === 0 &&
      ((word1 ^ words[1]) & masks[1]) === 0 &&
      ((word0 ^ words[0]) & masks[0]) === 0,
  );
}

/** The same for an address as text; false for what is none. */
export function isLocalText(address: string): boolean {
  const value = parseIp(address);
  return value !== undefined && isLocalAddress(...wordsOf(value));
}
