import type { Problem } from '../../../base/problem.ts';
import { adviceOf, type Advice } from './advice.ts';
import type { AdvisoryBook, CveContext } from './book.ts';
import { adviceKey } from './ecosystems.ts';
import type { ReleaseEnd, SupportLimit } from './format.ts';
import { readFeeds, type KnownEntry } from './read-feeds.ts';

export interface LoadedBook {
  readonly book: AdvisoryBook;
  readonly problems: readonly Problem[];
}

/** Reads files of advisories as they are, into memory. */
export async function loadBook(paths: readonly string[]): Promise<LoadedBook> {
  const book = new MemoryBook();
  const { problems } = await readFeeds(paths, (entry, format) => {
    book.add(entry, format);
  });
  return { book, problems };
}

/** A book that is filled entry by entry and kept in memory. */
export class MemoryBook implements AdvisoryBook {
  readonly #advice = new Map<string, Advice[]>();
  readonly #context = new Map<string, CveContext>();
  readonly #ends = new Map<string, ReleaseEnd[]>();
  readonly #limits: SupportLimit[] = [];
  readonly streams = new Map<string, number>();
  readonly has = { exploited: false, epss: false, releaseEnds: false };

  add(entry: KnownEntry, origin: string): void {
    switch (entry.kind) {
      case 'advisory':
        for (const { stream, name, advice } of adviceOf(entry.record, origin)) {
          this.file(stream, name, advice);
        }
        break;
      case 'exploited':
        this.has.exploited = true;
        this.#merge(entry.cve, { exploitedSince: entry.since });
        break;
      case 'epss':
        this.has.epss = true;
        this.#merge(entry.cve, { epss: entry.score });
        break;
      case 'release-end': {
        this.has.releaseEnds = true;
        const { kind: _kind, ...end } = entry;
        push(this.#ends, end.product, end);
        break;
      }
      case 'support': {
        const { kind: _kind, ...limit } = entry;
        this.#limits.push(limit);
        break;
      }
    }
  }

  /** Files advice that was made elsewhere: from a change log, from a table of another tool. */
  file(stream: string, name: string, advice: Advice): void {
    push(this.#advice, adviceKey(stream, name), advice);
    this.streams.set(stream, (this.streams.get(stream) ?? 0) + 1);
  }

  find(stream: string, name: string): readonly Advice[] {
    return this.#advice.get(adviceKey(stream, name)) ?? [];
  }

  context(cve: string): CveContext {
    return this.#context.get(cve) ?? {};
  }

  releaseEnds(product: string): readonly ReleaseEnd[] {
    return this.#ends.get(product) ?? [];
  }

  supportLimits(): readonly SupportLimit[] {
    return this.#limits;
  }

  #merge(cve: string, context: CveContext): void {
    this.#context.set(cve, { ...this.#context.get(cve), ...context });
  }
}

function push<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
