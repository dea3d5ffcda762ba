import { parseCidr, parseIp, parseIpv4 } from '../../base/ip.ts';
import type { Parts } from './tables/parts.ts';
import { V4Blocks } from './tables/v4-blocks.ts';

/** Bits of the table of name ends: a million listed names leave fifteen of sixteen other ends outside. */
const endBits = 24;
const prime = 0x01000193;
const start = 0x811c9dc5;
/** A label of DNS holds 63; an attacker's text decides how long its own are. */
const maxLabel = 63;
/** User, host and port of a URL. */
const maxAuthority = 600;
/** Longer than an address: what follows is looked at from its own colons on. */
const maxRun = 64;
const [dot, colon, slash] = [46, 58, 47];
const mappedFirst = 0xffff_0000_0000n;
const mappedLast = 0xffff_ffff_ffffn;

/** Values of `classes`: 1 is part of a name, this a digit, which is part of a name too; 0 is anything else. */
const digit = 2;
const classes = new Uint8Array(256);
const lower = new Uint8Array(256);
const hexValues = new Int8Array(256).fill(-1);
for (let code = 0; code < 256; code++) {
  const text = String.fromCodePoint(code);
  classes[code] = /\d/.test(text) ? digit : Number(/[A-Za-z_-]/.test(text));
  lower[code] = /[A-Z]/.test(text) ? code + 32 : code;
  if (/[0-9a-fA-F]/.test(text)) hexValues[code] = Number.parseInt(text, 16);
}

/**
 * Says quickly where in bytes a listed address, name, URL or mail address may stand, so that only those places are read with care: a
 * gigabyte of programs and texts has millions of dotted words, and next to none of them are listed. It may say yes wrongly, never no.
 */
export class TextSieve {
  /** The last two labels of what is listed, by their hash. */
  readonly #ends = new Uint32Array(2 ** (endBits - 5));
  /** The first two characters of last labels: most words of texts end in others, and are done with. */
  readonly #beginnings = new Uint32Array(2 ** 11);
  readonly #v4 = new V4Blocks();
  /** First groups of IPv6 addresses and networks; undefined when none is listed. */
  #v6: Uint32Array | undefined;
  readonly #hasUrls: boolean;

  constructor({ texts, v4, urlHosts }: Parts) {
    this.#hasUrls = urlHosts.count > 0;
    for (let key = 0; key < v4.keys.count; key++) this.#addV4(v4.keys.addressAt(key), v4.keys.addressAt(key));
    for (let key = 0; key < texts.address.keys.count; key++) this.#addHost(texts.address.keys.textAt(key));
    for (let key = 0; key < texts.cidr.keys.count; key++) this.#addNetwork(texts.cidr.keys.textAt(key));
    for (let key = 0; key < texts.domain.keys.count; key++) this.#addHost(texts.domain.keys.textAt(key));
    for (let key = 0; key < urlHosts.count; key++) this.#addHost(urlHosts.textAt(key));
    const mail = texts.email.keys;
    for (let key = 0; key < mail.count; key++) this.#addHost(mail.textAt(key).split('@').at(-1) ?? '');
  }

  /** Places in ascending order; what stands at each reaches to both sides of it. */
  *places(bytes: Uint8Array): Generator<number> {
    const hasColons = this.#v6 !== undefined || this.#hasUrls;
    let nextDot = this.#dotFrom(bytes, 0);
    let nextColon = hasColons ? this.#colonFrom(bytes, 0) : Infinity;
    while (nextDot < Infinity || nextColon < Infinity) {
      yield Math.min(nextDot, nextColon);
      if (nextDot < nextColon) nextDot = this.#dotFrom(bytes, nextDot + 1);
      else nextColon = this.#colonFrom(bytes, nextColon + 1);
    }
  }

  /** The first dot of something listed from a place on, or Infinity. The search for one byte is the quickest that there is. */
  #dotFrom(bytes: Uint8Array, from: number): number {
    for (let at = bytes.indexOf(dot, from); at >= 0; at = bytes.indexOf(dot, at + 1)) {
      if (this.#isDotted(bytes, at)) return at;
    }
    return Infinity;
  }

  #colonFrom(bytes: Uint8Array, from: number): number {
    let until = from;
    for (let at = bytes.indexOf(colon, from); at >= 0; at = bytes.indexOf(colon, at + 1)) {
      if (this.#isOddUrl(bytes, at)) return at;
      if (this.#v6 === undefined || at < until) continue;
      const run = this.#groups(bytes, at);
      if (run.isListed) return at;
      until = run.end;
    }
    return Infinity;
  }

  #addHost(text: string): void {
    const v4 = parseIpv4(text);
    if (v4 !== undefined) this.#addV4(v4, v4);
    else if (text.includes(':')) this.#addV6(parseIp(text) ?? 0n, parseIp(text) ?? 0n);
    else this.#addName(text);
  }

  #addNetwork(text: string): void {
    const range = parseCidr(text);
    if (range === undefined) return;
    const { first, last } = range;
    if (first < mappedFirst || last > mappedLast) this.#addV6(first, last);
    else this.#addV4(Number(first - mappedFirst), Number(last - mappedFirst));
  }

  #addV4(first: number, last: number): void {
    this.#v4.add(first, last);
  }

  #addV6(first: bigint, last: bigint): void {
    this.#v6 ??= new Uint32Array(2 ** 11);
    for (let group = Number(first >> 112n); group <= Number(last >> 112n); group++) setBit(this.#v6, group);
  }

  #addName(name: string): void {
    const bytes = Buffer.from(name, 'latin1');
    const at = bytes.lastIndexOf(dot);
    if (at <= 0) return;
    setBit(this.#ends, this.#endAt(bytes, at));
    setBit(this.#beginnings, beginningAt(bytes, at));
  }

  /** Whether the two labels around a dot end something listed, or four numbers around it make a listed address. */
  #isDotted(bytes: Uint8Array, at: number): boolean {
    const after = classes[bytes[at + 1] ?? 0] ?? 0;
    const before = at === 0 ? 0 : (classes[bytes[at - 1] ?? 0] ?? 0);
    if (after === 0 || before === 0) return false;
    if (after === digit && before === digit && this.#isV4(bytes, at)) return true;
    if (!hasBit(this.#beginnings, beginningAt(bytes, at))) return false;
    const end = this.#endAt(bytes, at);
    return end >= 0 && hasBit(this.#ends, end);
  }

  /** Hash of the labels on both sides of a dot; -1 for one that is too long for a name. */
  #endAt(bytes: Uint8Array, at: number): number {
    let hash = start;
    let to = at + 1;
    for (; classes[bytes[to] ?? 0] !== 0 && to < bytes.length; to++) {
      if (to - at > maxLabel) return -1;
      hash = Math.imul(hash ^ (lower[bytes[to] ?? 0] ?? 0), prime);
    }
    hash = Math.imul(hash ^ dot, prime);
    for (let from = at - 1; from >= 0 && classes[bytes[from] ?? 0] !== 0; from--) {
      if (at - from > maxLabel) return -1;
      hash = Math.imul(hash ^ (lower[bytes[from] ?? 0] ?? 0), prime);
    }
    return (hash ^ (hash >>> endBits)) & (2 ** endBits - 1);
  }

  /** Asked at the first dot of four numbers: the two before and after it say the block. */
  #isV4(bytes: Uint8Array, at: number): boolean {
    const first = numberBefore(bytes, at);
    const second = numberAfter(bytes, at);
    if (first < 0 || second.value < 0 || bytes[second.end] !== dot) return false;
    const third = numberAfter(bytes, second.end);
    if (third.value < 0 || bytes[third.end] !== dot || numberAfter(bytes, third.end).value < 0) return false;
    return this.#v4.has(((first << 24) | (second.value << 16)) >>> 0);
  }

  /** A host that a browser reads in another way than it is written: with escapes, in other scripts, or as one number. */
  #isOddUrl(bytes: Uint8Array, at: number): boolean {
    if (!this.#hasUrls || bytes[at + 1] !== slash || bytes[at + 2] !== slash) return false;
    let text = '';
    for (let index = at + 3; index < Math.min(bytes.length, at + maxAuthority); index++) {
      const code = bytes[index] ?? 0;
      if (code === 0x25 || code > 127) return true;
      if (code <= 0x20 || code === slash || code === 0x3f || code === 0x23) break;
      text += String.fromCodePoint(code);
    }
    const host = text.slice(text.lastIndexOf('@') + 1).replace(/:.*/, '');
    return /^[0-9][0-9a-fx.]*$/i.test(host) && parseIpv4(host) === undefined;
  }

  /** Numbers and colons in a row around a colon: whether a group of them begins something listed, and where they end. */
  #groups(bytes: Uint8Array, at: number): { readonly isListed: boolean; readonly end: number } {
    let from = at;
    while (from > 0 && at - from < 4 && (hexValues[bytes[from - 1] ?? 0] ?? -1) >= 0) from--;
    let [group, digits, colons, isListed, isEmptyFirst] = [0, 0, 0, false, false];
    let end = from;
    for (; end < Math.min(bytes.length, from + maxRun); end++) {
      const code = bytes[end] ?? 0;
      if (code === colon) {
        colons++;
        if (digits === 0) isEmptyFirst = true;
        else if (hasBit(this.#v6 ?? noBits, group & 0xffff)) isListed = true;
        [group, digits] = [0, 0];
      } else {
        const value = hexValues[code] ?? -1;
        if (value < 0) break;
        group = (group << 4) | value;
        digits++;
      }
    }
    if (isEmptyFirst && hasBit(this.#v6 ?? noBits, 0)) isListed = true;
    return { isListed: isListed && colons >= 2, end };
  }
}

/** The first two characters of the label behind a dot as a number; 0 stands for one that is not there. */
function beginningAt(bytes: Uint8Array, at: number): number {
  const second = bytes[at + 2] ?? 0;
  return ((lower[bytes[at + 1] ?? 0] ?? 0) << 8) | (classes[second] === 0 ? 0 : (lower[second] ?? 0));
}

const noBits = new Uint32Array(2 ** 11);

function setBit(bits: Uint32Array, index: number): void {
  bits[index >>> 5] = (bits[index >>> 5] ?? 0) | (1 << (index & 31));
}

function hasBit(bits: Uint32Array, index: number): boolean {
  return ((bits[index >>> 5] ?? 0) & (1 << (index & 31))) !== 0;
}

/** The number that ends before a place, or -1 when there is none below 256 or a longer word. */
function numberBefore(bytes: Uint8Array, at: number): number {
  let [value, scale] = [0, 1];
  let from = at - 1;
  for (; from >= 0 && classes[bytes[from] ?? 0] === digit; from--) {
    if (scale > 100) return -1;
    value += ((bytes[from] ?? 0) - 48) * scale;
    scale *= 10;
  }
  return value > 255 ? -1 : value;
}

/** The number that begins behind a dot, and where it ends; -1 as above. */
function numberAfter(bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } {
  let value = 0;
  let end = at + 1;
  for (; end < bytes.length && classes[bytes[end] ?? 0] === digit; end++) {
    if (end > at + 3) return { value: -1, end };
    value = value * 10 + (bytes[end] ?? 0) - 48;
  }
  return { value: end === at + 1 || value > 255 ? -1 : value, end };
}
