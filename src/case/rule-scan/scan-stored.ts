import { availableParallelism } from 'node:os';
import { languages } from '../../detect/rules/registry.generated.ts';
import type { RuleLanguage } from '../../detect/rules/rule-language.ts';
import type { ScanQuestion } from '../../detect/rules/rule-scan.ts';
import type { KindId } from '../../events/event.ts';
import type { Share, SharedRows, Store } from '../../store/store.ts';
import type { KeptMatches } from '../kept-matches.ts';
import { ScanThread, type SentQuestion } from './scan-thread.ts';
import { ShareReader, type MatchShape, type ReadOptions } from './share-reader.ts';
import { ShareTurns } from './share-turns.ts';

export interface StoredScan {
  readonly store: Pick<Store, 'withShares'>;
  readonly shape: MatchShape;
  /** The most that may judge rows, this one among them; undefined: one for each core. */
  readonly threads?: number | undefined;
  /** Sealed rows that a thread of its own is begun for. */
  readonly rowsPerThread?: number;
  readonly signal: AbortSignal | undefined;
  readonly onRows: (kind: KindId, rows: number) => void;
}

/** A thread takes half a second to begin and to learn the rules. */
const worthAThread = 200_000;
const maxThreads = 4;
/** DuckDB's, in a thread of its own: a few groups of rows at a time. */
const memoryBytes = 256e6;

/** Asks questions (`isScannable`) of all stored rows of their kinds. What is found is kept by the place of the question. */
export async function scanStored(questions: readonly ScanQuestion[], scan: StoredScan): Promise<KeptMatches<number>> {
  const reader = new ShareReader(questions, scan.shape);
  await scan.store.withShares(reader.kinds, (rows) => new Scan(questions, scan, reader, rows).run());
  return reader.kept;
}

class Scan {
  readonly #questions: readonly ScanQuestion[];
  readonly #scan: StoredScan;
  readonly #reader: ShareReader;
  readonly #rows: SharedRows;
  readonly #turns = new ShareTurns();

  constructor(questions: readonly ScanQuestion[], scan: StoredScan, reader: ShareReader, rows: SharedRows) {
    this.#questions = questions;
    this.#scan = scan;
    this.#reader = reader;
    this.#rows = rows;
  }

  async run(): Promise<void> {
    const { signal } = this.#scan;
    const stop = (): void => this.#turns.stop();
    signal?.addEventListener('abort', stop);
    const own = this.#rows.shares.filter(({ isSealed }) => !isSealed);
    const common = this.#rows.shares.filter(({ isSealed }) => isSealed);
    const threads = this.#begin(common);
    try {
      await this.#read(own, common);
      for (const thread of threads) {
        for (const [place, kept] of await thread.found()) this.#reader.kept.addAll(place, kept);
      }
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      stop();
      signal?.removeEventListener('abort', stop);
      await Promise.allSettled(threads.map((thread) => thread.found()));
    }
    // Threads that found nothing left to do may have been told to stop before.
    signal?.throwIfAborted();
  }

  #begin(shares: readonly Share[]): ScanThread[] {
    const { threads, rowsPerThread = worthAThread } = this.#scan;
    const rows = shares.reduce((sum, share) => sum + share.rows, 0);
    const worthwhile = Math.floor(rows / rowsPerThread);
    const others = Math.min(threads ?? availableParallelism(), maxThreads, 1 + worthwhile, 1 + shares.length) - 1;
    const questions = others > 0 ? sendable(this.#questions) : undefined;
    if (questions === undefined) return [];
    const { sealedFolder: folder } = this.#rows;
    const { shape, onRows } = this.#scan;
    const task = { questions, shares, shape, folder, memoryBytes, turns: this.#turns.memory };
    return Array.from({ length: others }, () => new ScanThread(task, onRows));
  }

  /** What only this thread can read, and its part of what all can. */
  async #read(own: readonly Share[], common: readonly Share[]): Promise<void> {
    const { store } = this.#rows;
    const options: ReadOptions = {
      store,
      onRows: (kind, rows) => {
        this.#scan.signal?.throwIfAborted();
        this.#scan.onRows(kind, rows);
      },
    };
    for (const share of own) await this.#reader.read(share, options);
    await this.#reader.readApart(options);
    for (let share = common[this.#turns.take()]; share !== undefined; share = common[this.#turns.take()]) {
      await this.#reader.read(share, options);
    }
  }
}

/** What other threads are asked; undefined when they would not understand all. What is asked of no shares stays here. */
function sendable(questions: readonly ScanQuestion[]): readonly SentQuestion[] | undefined {
  const known = (Object.values(languages) as readonly RuleLanguage[]).flatMap(({ rowFormats }) => rowFormats ?? []);
  const sent: SentQuestion[] = [];
  for (const [place, { query }] of questions.entries()) {
    if (query.kind === undefined || query.rows === undefined) continue;
    const { format, questions: asked } = query.rows;
    if (!known.includes(format)) return undefined;
    const plain = asked.map(({ kind, platform, condition }) => ({ kind, platform, condition }));
    sent.push({ place, kind: query.kind, format: format.id, questions: plain });
  }
  return sent;
}
