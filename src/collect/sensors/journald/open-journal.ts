import { JournalFault, JournalFile, type RawEntry } from '../../linux/journal/journal-file.ts';

/** Entries share their fields, so a small file can stand for a large text; real ones come to ten times their size. */
const maxGrowth = 64;
const freeGrowth = 64 * 1024 * 1024;
const maxFaults = 100;

/** A journal that is open, and which of its entries is next. */
export class OpenJournal {
  /** No folder names it any more. */
  isGone = false;
  readonly #path: string;
  readonly #file: JournalFile;
  #index: number | undefined;
  #place = 0;
  #number: bigint | undefined;
  #given = 0;
  #faults = 0;
  #isFaultTold = false;

  constructor(path: string) {
    this.#path = path;
    this.#file = new JournalFile(path);
  }

  get sequenceId(): string {
    return this.#file.header.sequenceId;
  }

  /** Number of its last entry, which may not be there yet. */
  get lastNumber(): bigint {
    return this.#file.header.lastSequence;
  }

  get isArchived(): boolean {
    return this.#file.header.isArchived;
  }

  /** Number of its next entry; undefined when there is none now. */
  get number(): bigint | undefined {
    return this.#number;
  }

  refresh(): void {
    this.#file.refresh();
  }

  /** Puts the first entry behind that number next; the very first without a number. */
  goBehind(before: bigint | undefined): void {
    this.#index ??= before === undefined ? 0 : this.#file.firstAfter(before);
    while (this.#number === undefined || (before !== undefined && this.#number <= before)) {
      this.#number = undefined;
      const place = this.#faults > maxFaults ? undefined : this.#file.placeOf(this.#index);
      if (place === undefined) return;
      this.#index++;
      this.#number = this.#file.sequenceAt(place);
      this.#place = place;
    }
  }

  /** The next entry. Throws where it is damaged; the one behind it is next in any case. */
  take(): RawEntry {
    this.#number = undefined;
    const entry = this.#file.entryAt(this.#place);
    this.#given += entry.fields.reduce((sum, field) => sum + field.length, 0);
    if (this.#given > freeGrowth + this.#file.header.lastObject * maxGrowth) {
      this.#faults = maxFaults;
      throw new JournalFault(`its entries have come to more than ${maxGrowth} times its bytes; the rest is not read`);
    }
    return entry;
  }

  /** What to say of a fault: of the first one. Beyond some, the rest of the file is left. */
  faultOnce(message: string): string | undefined {
    this.#faults++;
    if (this.#isFaultTold) return undefined;
    this.#isFaultTold = true;
    return `the journal ${this.#path} is read in part: ${message}`;
  }

  close(): void {
    this.#file.close();
  }
}
