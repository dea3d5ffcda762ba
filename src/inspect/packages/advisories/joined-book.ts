import type { Advice } from './advice.ts';
import type { AdvisoryBook, CveContext } from './book.ts';
import type { ReleaseEnd, SupportLimit } from './format.ts';

/** Several books as one. */
export class JoinedBook implements AdvisoryBook {
  readonly #books: readonly AdvisoryBook[];
  readonly streams: ReadonlyMap<string, number>;
  readonly has: AdvisoryBook['has'];

  constructor(books: readonly AdvisoryBook[]) {
    this.#books = books;
    const streams = new Map<string, number>();
    for (const book of books) {
      for (const [stream, count] of book.streams) streams.set(stream, (streams.get(stream) ?? 0) + count);
    }
    this.streams = streams;
    this.has = {
      exploited: books.some(({ has }) => has.exploited),
      epss: books.some(({ has }) => has.epss),
      releaseEnds: books.some(({ has }) => has.releaseEnds),
    };
  }

  find(stream: string, name: string): readonly Advice[] {
    return this.#books.flatMap((book) => book.find(stream, name));
  }

  context(cve: string): CveContext {
    return Object.assign({}, ...this.#books.map((book) => book.context(cve))) as CveContext;
  }

  releaseEnds(product: string): readonly ReleaseEnd[] {
    return this.#books.flatMap((book) => book.releaseEnds(product));
  }

  supportLimits(): readonly SupportLimit[] {
    return this.#books.flatMap((book) => book.supportLimits());
  }
}
