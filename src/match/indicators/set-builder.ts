import { parseCidr, parseIpv4 } from '../../base/ip.ts';
import type { Indicator } from './format.ts';
import { IndicatorSet } from './set.ts';
import { emptyParts, sealParts } from './tables/parts.ts';
import { isPartialAgent } from './values/text.ts';
import { urlHost } from './values/url.ts';

/** Most list names: they are numbered in 16 bits. */
const maxLists = 65_535;
const v4First = 0xffff_0000_0000n;
const v4Last = 0xffff_ffff_ffffn;

/** Gathers indicators into a set. Values must be in normal form, as formats deliver them. */
export class IndicatorSetBuilder {
  readonly #parts = emptyParts();
  readonly #listNumbers = new Map<string, number>();
  #lastList: string | undefined;
  #lastNumber = 0;

  /** False, with nothing added, at a bound: 16 million values of a kind, 65,535 lists, 10,000 partial user agents. */
  add(list: string, indicator: Indicator): boolean {
    const number = list === this.#lastList ? this.#lastNumber : this.#numberOf(list);
    if (number < 0) return false;
    const { kind, value, description, confidence, expires_at } = indicator;
    const facts = { list: number, description, confidence, expires_at };
    const { entries, texts, v4, v4Blocks } = this.#parts;
    const v4Number = kind === 'address' ? parseIpv4(value) : undefined;
    if (v4Number !== undefined) {
      const key = v4.keys.add(v4Number);
      if (key < 0) return false;
      v4Blocks.add(v4Number, v4Number);
      v4.setHead(key, entries.add(v4.headOf(key), facts));
      return true;
    }
    const table = texts[kind];
    const key = table.keys.add(value);
    if (key < 0) return false;
    const head = table.headOf(key);
    if (head < 0 && !this.#register(indicator, key)) return false;
    table.setHead(key, entries.add(head, facts));
    return true;
  }

  /** The set of what was added. The builder must not be used afterwards. */
  build(): IndicatorSet {
    sealParts(this.#parts);
    return new IndicatorSet(this.#parts, [...this.#listNumbers.keys()]);
  }

  #numberOf(list: string): number {
    let number = this.#listNumbers.get(list);
    if (number === undefined) {
      if (this.#listNumbers.size >= maxLists) return -1;
      number = this.#listNumbers.size;
      this.#listNumbers.set(list, number);
    }
    this.#lastList = list;
    this.#lastNumber = number;
    return number;
  }

  /** What a key needs beside its place in a table: a network its range, a URL its host, a partial agent its pattern. */
  #register({ kind, value }: Indicator, key: number): boolean {
    const { agents, domainLabels, urlHosts, v4Blocks, v4Ranges, v6Ranges } = this.#parts;
    if (kind === 'domain') domainLabels.add(value);
    if (kind === 'url') return urlHosts.add(urlHost(value)) >= 0;
    if (kind === 'user-agent') return !isPartialAgent(value) || agents.add(value, key);
    if (kind !== 'cidr') return true;
    const range = parseCidr(value);
    if (range === undefined) return false;
    if (range.first < v4First || range.last > v4Last) {
      v6Ranges.add(range.first, range.last, key);
      return true;
    }
    const [first, last] = [Number(range.first - v4First), Number(range.last - v4First)];
    v4Ranges.add(first, last, key);
    v4Blocks.add(first, last);
    return true;
  }
}
