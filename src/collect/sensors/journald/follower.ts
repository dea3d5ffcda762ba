import { messageOf } from '../../../base/errors.ts';
import { exportText } from '../../linux/journal/export-text.ts';
import type { RawEntry } from '../../linux/journal/journal-file.ts';
import { findJournals, type FoundJournal } from '../../linux/journal/find-journals.ts';
import { OpenJournal } from './open-journal.ts';

/** Last numbers that were taken, by the id of their numbering. */
export type Positions = Map<string, bigint>;

/** What one look gave. */
export interface Look {
  /** Whole entries in the export format. */
  readonly entries: readonly Buffer[];
  /** False when the bound of a look was reached: there is more. */
  readonly isAll: boolean;
  /** Entries that are not there, by the gaps in their numbers, or cannot be read. */
  readonly lost: number;
  readonly notes: readonly string[];
}

/** Bytes that one look gives; the last entry may go beyond. */
const lookBytes = 1024 * 1024;
const scanEveryMs = 500;
const maxOpen = 512;
/** A file is given its header a moment after its name. */
const patience = 3;

/**
 * Follows the journals of folders through rotation. Files that one journald writes (one for the system, one for each user, and rotated ones) number
 * their entries together, so that one number for each numbering says what has been read, whatever becomes of the files.
 */
export class JournalFollower {
  readonly #folders: readonly string[];
  readonly #positions: Positions;
  readonly #clockMs: () => number;
  readonly #isOwn: ((fields: readonly Buffer[]) => boolean) | undefined;
  readonly #open = new Map<string, OpenJournal>();
  /** Keys of files that will have nothing new, and how often others could not be opened. */
  readonly #done = new Set<string>();
  readonly #refused = new Map<string, number>();
  #notes: string[] = [];
  #lost = 0;
  #scannedMs = -Infinity;

  /** `positions` are kept up by `look`. `clockMs` is monotonic. Entries whose fields (`NAME=value`) are our own are passed over. */
  constructor(
    folders: readonly string[],
    positions: Positions,
    clockMs: () => number,
    isOwn?: (fields: readonly Buffer[]) => boolean,
  ) {
    this.#isOwn = isOwn;
    this.#folders = folders;
    this.#positions = positions;
    this.#clockMs = clockMs;
  }

  /** Goes on behind all that is there now. */
  passOver(): void {
    this.#scan();
    for (const [sequenceId, last] of this.#lastNumbers()) this.#positions.set(sequenceId, last);
  }

  look(): Look {
    // Numbers are given in one row: what stands below the greatest one of now is there when the folders and files are looked at once more, and
    // an entry that comes in between waits for its elders.
    const last = this.#lastNumbers();
    const hasNews = [...last].some(([sequenceId, number]) => number > (this.#positions.get(sequenceId) ?? 0n));
    const isDue = this.#clockMs() - this.#scannedMs >= scanEveryMs;
    const hasOpened = (hasNews || isDue) && this.#scan();
    for (const journal of this.#open.values()) this.#guard(journal, () => journal.refresh());
    const entries: Buffer[] = [];
    let bytes = 0;
    for (const [sequenceId, bound] of last) {
      const journals = [...this.#open.values()].filter((journal) => journal.sequenceId === sequenceId);
      while (bytes < lookBytes) {
        const text = this.#next(journals, sequenceId, bound);
        if (text === undefined) break;
        entries.push(text);
        bytes += text.length;
      }
    }
    const isAll = bytes < lookBytes && !hasOpened;
    if (isAll) this.#closeDone();
    const { notes, lost } = { notes: this.#notes, lost: this.#lost };
    [this.#notes, this.#lost] = [[], 0];
    return { entries, isAll, lost, notes };
  }

  close(): void {
    for (const journal of this.#open.values()) journal.close();
    this.#open.clear();
  }

  /** The entry with the next number, of whichever file. */
  #next(journals: readonly OpenJournal[], sequenceId: string, bound: bigint): Buffer | undefined {
    for (;;) {
      const before = this.#positions.get(sequenceId);
      let first: OpenJournal | undefined;
      for (const journal of journals) {
        this.#guard(journal, () => journal.goBehind(before));
        const number = journal.number;
        if (number !== undefined && number <= bound && (first?.number ?? bound + 1n) > number) first = journal;
      }
      const number = first?.number;
      if (first === undefined || number === undefined) return undefined;
      if (before !== undefined && number > before + 1n) this.#lost += Number(number - before - 1n);
      this.#positions.set(sequenceId, number);
      const entry = this.#guard(first, () => first.take());
      if (entry === undefined) this.#lost++;
      else if (this.#isOwn?.(entry.fields) !== true) return this.#textOf(entry, sequenceId, first);
    }
  }

  #textOf(entry: RawEntry, sequenceId: string, journal: OpenJournal): Buffer {
    const what = `${entry.missing} fields of an entry are damaged, too long, or packed with XZ, which is not read`;
    const note = entry.missing > 0 ? journal.faultOnce(what) : undefined;
    if (note !== undefined) this.#notes.push(note);
    return exportText(entry, sequenceId);
  }

  #lastNumbers(): Map<string, bigint> {
    const last = new Map<string, bigint>();
    for (const journal of this.#open.values()) {
      this.#guard(journal, () => journal.refresh());
      const before = last.get(journal.sequenceId) ?? 0n;
      if (journal.lastNumber > before) last.set(journal.sequenceId, journal.lastNumber);
    }
    return last;
  }

  /** Opens what is new, and tells whether anything was. What has gone stays open until it is read. */
  #scan(): boolean {
    this.#scannedMs = this.#clockMs();
    const found = this.#folders.flatMap((folder) => findJournals(folder));
    const keys = new Set(found.map(({ key }) => key));
    for (const [key, journal] of this.#open) if (!keys.has(key)) journal.isGone = true;
    for (const key of this.#done) if (!keys.has(key)) this.#done.delete(key);
    for (const key of this.#refused.keys()) if (!keys.has(key)) this.#refused.delete(key);
    let hasOpened = false;
    for (const journal of found) {
      if (this.#open.has(journal.key) || this.#done.has(journal.key) || this.#open.size >= maxOpen) continue;
      hasOpened = this.#openOne(journal) || hasOpened;
    }
    return hasOpened;
  }

  #openOne({ path, key }: FoundJournal): boolean {
    try {
      this.#open.set(key, new OpenJournal(path));
      this.#refused.delete(key);
      return true;
    } catch (error) {
      const tries = (this.#refused.get(key) ?? 0) + 1;
      this.#refused.set(key, tries);
      if (tries === patience) this.#notes.push(`the journal ${path} cannot be read: ${messageOf(error)}`);
      return false;
    }
  }

  #closeDone(): void {
    for (const [key, journal] of this.#open) {
      if (journal.number !== undefined || !(journal.isGone || journal.isArchived)) continue;
      journal.close();
      this.#open.delete(key);
      if (!journal.isGone) this.#done.add(key);
    }
  }

  /** Undefined where the file is damaged: said once for each file, and the others go on. */
  #guard<T>(journal: OpenJournal, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      const note = journal.faultOnce(messageOf(error));
      if (note !== undefined) this.#notes.push(note);
      return undefined;
    }
  }
}
