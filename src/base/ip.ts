/** An address as a number in the IPv6 space; IPv4 stands at `::ffff:0:0/96`, so one order and one range test serve both. */
export type IpNumber = bigint;

const v4InV6 = 0xffff_0000_0000n;

/** Strict dotted quad or RFC 4291 text to a number; undefined for anything else. A zone (`%eth0`) is cut off. */
export function parseIp(text: string): IpNumber | undefined {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return v4InV6 + BigInt(v4);
  return text.includes(':') ? parseIpv6(text) : undefined;
}

/** Dotted quad to an unsigned 32-bit number; leading zeros, signs and short forms are refused. */
export function parseIpv4(text: string): number | undefined {
  const length = text.length;
  if (length < 7 || length > 15) return undefined;
  let value = 0;
  let octet = -1;
  let octets = 0;
  for (let index = 0; index <= length; index++) {
    const code = index === length ? 46 : text.charCodeAt(index);
    if (code === 46) {
      if (octet < 0 || octets === 4) return undefined;
      value = value * 256 + octet;
      octets++;
      octet = -1;
      continue;
    }
    if (code < 48 || code > 57 || octet === 0) return undefined;
    octet = (octet < 0 ? 0 : octet) * 10 + (code - 48);
    if (octet > 255) return undefined;
  }
  return octets === 4 ? value : undefined;
}

function parseIpv6(full: string): IpNumber | undefined {
  const zone = full.indexOf('%');
  let text = zone < 0 ? full : full.slice(0, zone);
  if (text.length > 45) return undefined;
  const lastColon = text.lastIndexOf(':');
  if (text.includes('.')) {
    const v4 = parseIpv4(text.slice(lastColon + 1));
    if (v4 === undefined) return undefined;
    text = `${text.slice(0, lastColon + 1)}${(v4 >>> 16).toString(16)}:${(v4 & 0xffff).toString(16)}`;
  }
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = groupsOf(halves[0] ?? '');
  const tail = groupsOf(halves[1] ?? '');
  if (head === undefined || tail === undefined) return undefined;
  const gap = 8 - head.length - tail.length;
  if (halves.length === 1 ? gap !== 0 : gap < 1) return undefined;
  let value = 0n;
  for (const group of [...head, ...Array.from({ length: gap }, () => 0), ...tail]) {
    value = (value << 16n) | BigInt(group);
  }
  return value;
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  for (const part of text.split(':')) {
    if (!/^[0-9a-fA-F]{1,4}$/.test(part)) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return groups.length <= 8 ? groups : undefined;
}

/** Canonical text: dotted quad for the IPv4 part of the space, else RFC 5952. */
export function formatIp(value: IpNumber): string {
  if (value >> 32n === 0xffffn) {
    const v4 = Number(value & 0xffff_ffffn);
    return `${v4 >>> 24}.${(v4 >>> 16) & 255}.${(v4 >>> 8) & 255}.${v4 & 255}`;
  }
  const groups = Array.from({ length: 8 }, (_none, index) => Number((value >> BigInt(112 - 16 * index)) & 0xffffn));
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (best.start < 0) return hex(groups);
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`;
}

/** Canonical text of an address, or undefined when it is none. IPv4-mapped IPv6 text becomes IPv4. */
export function canonicalIp(text: string): string | undefined {
  if (!text.includes(':')) return parseIpv4(text) === undefined ? undefined : text;
  const value = parseIpv6(text);
  return value === undefined ? undefined : formatIp(value);
}

/** An inclusive range of addresses. */
export interface IpRange {
  readonly first: IpNumber;
  readonly last: IpNumber;
}

/** `10.0.0.0/8`, `fe80::/10` or one address; host bits are allowed and dropped. Undefined when it is neither. */
export function parseCidr(text: string): IpRange | undefined {
  const slash = text.indexOf('/');
  const address = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (address === undefined) return undefined;
  if (slash < 0) return { first: address, last: address };
  const prefixText = text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(prefixText)) return undefined;
  const isV4 = parseIpv4(text.slice(0, slash)) !== undefined;
  const prefix = Number(prefixText) + (isV4 ? 96 : 0);
  if (prefix > 128) return undefined;
  const hostBits = BigInt(128 - prefix);
  const first = (address >> hostBits) << hostBits;
  return { first, last: first + (1n << hostBits) - 1n };
}
