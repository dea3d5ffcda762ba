import type { EventRow, KindId } from '../../events/event.ts';
import {
  runPass,
  scanPasses,
  type PassOptions,
  type ScanPass,
  type ScanQuestion,
} from '../../detect/rules/rule-scan.ts';
import type { Share } from '../../store/store.ts';
import { KeptMatches } from '../kept-matches.ts';

/** What is kept of a match. */
export interface MatchShape {
  /** Columns of the row, `kind` among them; one that its kind does not have is null. */
  readonly columns: readonly string[];
  /** Places of the columns by which the earliest come first. */
  readonly order: readonly number[];
  /** Rows that are kept for a question. */
  readonly most: number;
}

export type ReadOptions = Pick<PassOptions<unknown>, 'store' | 'onRows'>;

/** Asks questions of shares as one thread reads them; keeps what it finds by the place of the question. */
export class ShareReader {
  readonly kept: KeptMatches<number>;
  readonly #shape: MatchShape;
  readonly #byKind = new Map<KindId, ScanPass<Placed>>();
  /** Of rows that only the store can choose. */
  readonly #apart: ScanPass<Placed>[] = [];

  constructor(questions: readonly ScanQuestion[], shape: MatchShape) {
    this.#shape = shape;
    this.kept = new KeptMatches(shape.most, shape.order);
    const placed = questions.map(({ query }, place) => ({ place, query }));
    for (const pass of scanPasses(placed, shape.columns)) {
      if (pass.from === undefined) this.#byKind.set(pass.kind, pass);
      else this.#apart.push(pass);
    }
  }

  /** Kinds whose rows it reads by shares. */
  get kinds(): readonly KindId[] {
    return [...this.#byKind.keys()];
  }

  async read({ kind, from }: Share, options: ReadOptions): Promise<void> {
    const pass = this.#byKind.get(kind);
    if (pass !== undefined) await runPass(pass, { ...options, from, onMatch: this.#keep });
  }

  /** Asks what is not asked of shares. */
  async readApart(options: ReadOptions): Promise<void> {
    for (const pass of this.#apart) await runPass(pass, { ...options, onMatch: this.#keep });
  }

  readonly #keep = ({ place }: Placed, row: EventRow): void => {
    this.kept.add(
      place,
      this.#shape.columns.map((name) => row[name] ?? null),
    );
  };
}

interface Placed extends ScanQuestion {
  readonly place: number;
}
