import { canonicalIp, formatIp, parseIp, parseIpv4 } from '../../base/ip.ts';
import type { Indicator, IndicatorKind } from './format.ts';
import { hashEnd, hashStart, hashStep } from './tables/hash.ts';
import { bytesOf, type Parts } from './tables/parts.ts';
import type { RangeTable } from './tables/range-table.ts';
import { baseNameOf } from './values/file.ts';
import { TextSieve } from './text-sieve.ts';
import { mailAddressOf } from './values/text.ts';
import { observedUrl, wholeUrlHost } from './values/url.ts';

/** An entry of a list, with the name of the list. */
export interface IndicatorRef extends Indicator {
  readonly list: string;
}

const nothing: readonly IndicatorRef[] = [];
const noKeys: readonly number[] = [];

/** Characters of a name, from its end, that are looked at; DNS allows 253. An event chooses its length. */
const maxNameChars = 512;
/** Path segments of a request that are tried as listed beginnings. */
const maxUrlSegments = 64;

const dot = 46;
const slash = 47;
const question = 63;

/**
 * Indicators of many lists, made for looking up: immutable, about 50 bytes an entry, no allocation for what is not
 * listed. Expiry is not looked at here; every entry of every list comes back.
 */
export class IndicatorSet {
  readonly #parts: Parts;
  /** Names of the lists. */
  readonly lists: readonly string[];

  /** Made by `IndicatorSetBuilder`. */
  constructor(parts: Parts, lists: readonly string[]) {
    this.#parts = parts;
    this.lists = lists;
  }

  /** Entries of all lists. */
  get size(): number {
    return this.#parts.entries.count;
  }

  /** Memory of the tables. */
  get byteLength(): number {
    return bytesOf(this.#parts);
  }

  /** False when no lookup of this kind can find anything. */
  holds(kind: IndicatorKind): boolean {
    const { texts, v4 } = this.#parts;
    if (kind !== 'address' && kind !== 'cidr') return texts[kind].keys.count > 0;
    return v4.keys.count + texts.address.keys.count + texts.cidr.keys.count > 0;
  }

  /** Where in bytes something listed may stand. Made anew by each call. */
  sieve(): TextSieve {
    return new TextSieve(this.#parts);
  }

  /**
   * Entries that a seen value falls under: an address also under networks, a name under itself and each name above it,
   * a user agent under parts of it, a path under itself and its last part. A URL is given as `host/path?query`, with its scheme or without.
   */
  lookUp(kind: IndicatorKind, value: string): readonly IndicatorRef[] {
    switch (kind) {
      case 'address':
      case 'cidr':
        return this.#matchAddress(value);
      case 'domain':
        return this.#matchDomain(value);
      case 'url':
        return this.lookUpUrl(null, /^[a-z]+:\/\//i.test(value) ? value : `http://${value}`);
      case 'user-agent':
        return this.#matchAgent(value);
      case 'email':
        return this.#matchText('email', mailAddressOf(value));
      case 'md5':
      case 'sha1':
      case 'sha256':
      case 'ja3':
        return this.#matchText(kind, value.toLowerCase());
      case 'file':
        return this.#matchFile(value.toLowerCase());
    }
  }

  /** Entries for a request: its host header and its target. A listed URL without a query covers what lies below its path. */
  lookUpUrl(host: string | null, target: string): readonly IndicatorRef[] {
    const seenHost = wholeUrlHost(target) ?? host;
    if (seenHost === null || this.#parts.urlHosts.count === 0) return nothing;
    const bare = seenHost.startsWith('[') ? (canonicalIp(seenHost.slice(1, -1)) ?? seenHost) : seenHost;
    if (this.#parts.urlHosts.find(bare.toLowerCase()) < 0) return nothing;
    const url = observedUrl(host, target);
    return url === undefined ? nothing : this.#collect('url', this.#urlKeys(url.key));
  }

  #matchAddress(text: string): readonly IndicatorRef[] {
    const v4 = parseIpv4(text);
    if (v4 !== undefined) return this.#matchV4(v4);
    const { texts, v6Ranges } = this.#parts;
    if (!text.includes(':')) return nothing;
    const number = parseIp(text);
    if (number === undefined) return nothing;
    if (number >> 32n === 0xffffn) return this.#matchV4(Number(number & 0xffff_ffffn));
    const key = texts.address.keys.count === 0 ? -1 : texts.address.keys.find(formatIp(number));
    const networks = networkKeys(v6Ranges, v6Ranges.narrowest(number), number);
    return this.#addressRefs(key < 0 ? -1 : texts.address.headOf(key), text, networks);
  }

  #matchV4(address: number): readonly IndicatorRef[] {
    const { v4, v4Blocks, v4Ranges } = this.#parts;
    if (!v4Blocks.has(address)) return nothing;
    const key = v4.keys.find(address);
    const network = v4Ranges.count === 0 ? -1 : v4Ranges.narrowest(address);
    if (key < 0 && network < 0) return nothing;
    const text = `${address >>> 24}.${(address >>> 16) & 255}.${(address >>> 8) & 255}.${address & 255}`;
    return this.#addressRefs(key < 0 ? -1 : v4.headOf(key), text, networkKeys(v4Ranges, network, address));
  }

  #addressRefs(head: number, text: string, networks: readonly number[]): readonly IndicatorRef[] {
    if (head < 0 && networks.length === 0) return nothing;
    const refs: IndicatorRef[] = [];
    if (head >= 0) this.#pushChain(refs, 'address', text, head);
    refs.push(...this.#collect('cidr', networks));
    return refs;
  }

  /** One pass from the end of the name: at each dot the hash so far is that of the name after it. */
  #matchDomain(name: string): readonly IndicatorRef[] {
    const { keys } = this.#parts.texts.domain;
    const { length } = name;
    if (keys.count === 0 || isAddress(name)) return nothing;
    const { domainLabels } = this.#parts;
    let labels = 1;
    const end = Math.max(0, length - maxNameChars);
    let hash = hashStart;
    let found: number[] | undefined;
    for (let index = length - 1; index >= end; index--) {
      const code = name.charCodeAt(index);
      if (code >= 65 && code <= 90) return this.#matchDomain(name.toLowerCase());
      if (code === dot) {
        const key = domainLabels.has(labels++) ? keys.findHashed(name, index + 1, length, hashEnd(hash)) : -1;
        if (key >= 0) (found ??= []).unshift(key);
      }
      hash = hashStep(hash, code);
    }
    const whole = end > 0 || !domainLabels.has(labels) ? -1 : keys.findHashed(name, 0, length, hashEnd(hash));
    if (whole >= 0) (found ??= []).unshift(whole);
    return found === undefined ? nothing : this.#collect('domain', found);
  }

  /** Keys of the URL itself, of its path without the query, and of each beginning of its path, in one pass. */
  #urlKeys(url: string): readonly number[] {
    const { keys } = this.#parts.texts.url;
    const found: number[] = [];
    const probe = (to: number, hash: number): void => {
      const key = keys.findHashed(url, 0, to, hashEnd(hash));
      if (key >= 0) found.unshift(key);
    };
    let hash = hashStart;
    let segments = 0;
    let isPath = true;
    for (let index = 0; index < url.length; index++) {
      const code = url.charCodeAt(index);
      const isEnd = isPath && (code === slash || code === question) && index > 0 && segments++ < maxUrlSegments;
      if (isEnd && url.charCodeAt(index - 1) !== slash) probe(index, hash);
      hash = hashStep(hash, code);
      if (isEnd && code === slash && index < url.length - 1) probe(index + 1, hash);
      if (code === question) isPath = false;
    }
    probe(url.length, hash);
    return found;
  }

  #matchAgent(agent: string): readonly IndicatorRef[] {
    const { texts, agents } = this.#parts;
    const keys = agents.count === 0 ? noKeys : agents.find(agent);
    const exact = texts['user-agent'].keys.find(agent);
    if (exact < 0 && keys.length === 0) return nothing;
    return this.#collect('user-agent', exact < 0 || keys.includes(exact) ? keys : [exact, ...keys]);
  }

  #matchFile(path: string): readonly IndicatorRef[] {
    const { keys } = this.#parts.texts.file;
    if (keys.count === 0) return nothing;
    const name = baseNameOf(path);
    const found = [keys.find(path), name === path || name === '' ? -1 : keys.find(name)].filter((key) => key >= 0);
    return found.length === 0 ? nothing : this.#collect('file', found);
  }

  #matchText(kind: IndicatorKind, value: string): readonly IndicatorRef[] {
    const key = this.#parts.texts[kind].keys.find(value);
    return key < 0 ? nothing : this.#collect(kind, [key]);
  }

  #collect(kind: IndicatorKind, keys: readonly number[]): readonly IndicatorRef[] {
    const table = this.#parts.texts[kind];
    const refs: IndicatorRef[] = [];
    for (const key of keys) this.#pushChain(refs, kind, table.keys.textAt(key), table.headOf(key));
    return refs;
  }

  #pushChain(refs: IndicatorRef[], kind: IndicatorKind, value: string, head: number): void {
    for (let row = head; row >= 0; row = this.#parts.entries.next(row)) {
      const { list, ...facts } = this.#parts.entries.factsAt(row);
      refs.push({ kind, value, ...facts, list: this.lists[list] ?? '' });
    }
  }
}

/** Keys of the network at a place and of all wider ones around the address. */
function networkKeys<N extends number | bigint>(
  ranges: RangeTable<N>,
  narrowest: number,
  address: N,
): readonly number[] {
  if (narrowest < 0) return noKeys;
  const keys: number[] = [];
  for (let place = narrowest; place >= 0; place = ranges.wider(place, address)) keys.push(ranges.entryAt(place));
  return keys;
}

/** Answers hold addresses among names; the first and last character tell most names apart cheaply. */
function isAddress(text: string): boolean {
  return isDigit(text.charCodeAt(0)) && isDigit(text.charCodeAt(text.length - 1)) && parseIpv4(text) !== undefined;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
