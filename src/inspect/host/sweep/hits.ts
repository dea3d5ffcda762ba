import type { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import type { Observable } from '../../../match/indicators/observables.ts';
import type { IndicatorRef } from '../../../match/indicators/set.ts';
import type { TextSieve } from '../../../match/indicators/text-sieve.ts';
import { linesAround } from './lines-around.ts';
import { valuesIn } from './text-values.ts';

/** An entry of a list that was found, as it stands in what was looked at. */
export interface Hit {
  readonly ref: IndicatorRef;
  readonly seen: string;
  /** Line of the text, from 1. */
  readonly line?: number;
}

export type HashName = 'md5' | 'sha1' | 'sha256';
const hashNames: readonly HashName[] = ['md5', 'sha1', 'sha256'];
/** Entries that are told of one text. */
const maxHits = 100;

/** Asks lists about files and texts; warning lists and expiry hold here as they do for events. */
export class Lists {
  readonly #matcher: IndicatorMatcher;
  #sieve: TextSieve | undefined;
  /** Digests that any list names. */
  readonly hashes: readonly HashName[];
  readonly hasTexts: boolean;
  /** Whether any list names files by their paths or names. */
  readonly hasNames: boolean;
  /** How often a warning list kept an entry back, with the first entry, by the name of the list. */
  readonly keptBack = new Map<string, { readonly first: string; count: number }>();

  constructor(matcher: IndicatorMatcher) {
    this.#matcher = matcher;
    const { set } = matcher;
    this.hashes = hashNames.filter((name) => set.holds(name));
    this.hasNames = set.holds('file');
    this.hasTexts = (['address', 'domain', 'url', 'email'] as const).some((kind) => set.holds(kind));
  }

  byHash(name: HashName, hex: string): readonly IndicatorRef[] {
    return this.#ask(name, hex);
  }

  /** By the whole path and by its last part. */
  byPath(path: string): readonly IndicatorRef[] {
    return this.hasNames ? this.#ask('file', path) : [];
  }

  byAddress(address: string): readonly IndicatorRef[] {
    return this.#ask('address', address);
  }

  /** Each entry that a text names, once, with the line of its first place. */
  inText(text: string): Hit[] {
    const found = new Map<string, Hit>();
    this.#gather(text, 1, found);
    return [...found.values()];
  }

  /** The same for bytes of any kind, of which only those lines are read in which something listed may stand. */
  inBytes(bytes: Buffer): Hit[] {
    const found = new Map<string, Hit>();
    this.#sieve ??= this.#matcher.set.sieve();
    for (const { text, line } of linesAround(bytes, this.#sieve.places(bytes))) {
      this.#gather(text, line, found);
      if (found.size >= maxHits) break;
    }
    return [...found.values()];
  }

  #gather(text: string, firstLine: number, found: Map<string, Hit>): void {
    let [line, counted] = [firstLine, 0];
    for (const { type, value, at } of valuesIn(text)) {
      for (const ref of this.#ask(type === 'url' ? 'request' : type, value)) {
        const key = `${ref.list}\0${ref.kind}\0${ref.value}`;
        if (found.has(key)) continue;
        line += newlines(text, counted, at);
        counted = at;
        found.set(key, { ref, seen: value, line });
        if (found.size >= maxHits) return;
      }
    }
  }

  #ask(type: Observable['type'], value: string): IndicatorRef[] {
    const observable: Observable = { column: '', isList: false, type, role: 'file', isLower: false };
    return this.#matcher.hitsOf(observable, value, null).flatMap(({ ref, suppressedBy }) => {
      if (suppressedBy === null) return ref;
      this.#keepBack(suppressedBy, ref.value);
      return [];
    });
  }

  #keepBack(list: string, value: string): void {
    const known = this.keptBack.get(list);
    if (known === undefined) this.keptBack.set(list, { first: value, count: 1 });
    else known.count++;
  }
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count++;
  return count;
}
