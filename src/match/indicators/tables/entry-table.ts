import type { Micros } from '../../../base/time.ts';
import { enlarged, TextTable } from './text-table.ts';

/** What lists say of one value. */
export interface EntryFacts {
  readonly list: number;
  readonly description: string | null;
  readonly confidence: number | null;
  readonly expires_at: Micros | null;
}

/**
 * Most entries of one value that are kept for one list. Exports name an address once for each port and family; a
 * hostile one names it a million times.
 */
const maxEntriesOfList = 4;
const none = 0xffff_ffff;
const unknownConfidence = 255;

/** Rows of facts by column, those of one value chained. Columns that no row needs take no memory. */
export class EntryTable {
  #lists = new Uint16Array(64);
  #next = new Uint32Array(64).fill(none);
  #descriptions: Uint32Array<ArrayBuffer> | undefined;
  #confidences: Uint8Array<ArrayBuffer> | undefined;
  #expiries: Float64Array<ArrayBuffer> | undefined;
  readonly #texts = new TextTable({ fromEnd: false });
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    const columns = [this.#lists, this.#next, this.#descriptions, this.#confidences, this.#expiries];
    return columns.reduce((sum, column) => sum + (column?.byteLength ?? 0), this.#texts.byteLength);
  }

  /**
   * Adds facts to the chain that begins at `head` (-1 for a new one) and returns its first row. When the list says the
   * same again, or has its share of entries, its validity is lengthened and its confidence raised instead.
   */
  add(head: number, facts: EntryFacts): number {
    let last = -1;
    let firstOfList = -1;
    let ofList = 0;
    for (let row = head; row >= 0; row = this.next(row)) {
      if (this.#lists[row] === facts.list) {
        if (firstOfList < 0) firstOfList = row;
        ofList++;
        if (this.#hasDescription(row, facts.description)) return this.#strengthened(head, row, facts);
      }
      last = row;
    }
    if (ofList >= maxEntriesOfList) return this.#strengthened(head, firstOfList, facts);
    const row = this.#append(facts);
    if (last >= 0) this.#next[last] = row;
    return head < 0 ? row : head;
  }

  /** The row after this one in its chain, or -1. */
  next(row: number): number {
    const next = this.#next[row] ?? none;
    return next === none ? -1 : next;
  }

  factsAt(row: number): EntryFacts {
    const text = this.#descriptions?.[row] ?? 0;
    const confidence = this.#confidences?.[row] ?? unknownConfidence;
    const expiry = this.#expiries?.[row] ?? Number.POSITIVE_INFINITY;
    return {
      list: this.#lists[row] ?? 0,
      description: text === 0 ? null : this.#texts.textAt(text - 1),
      confidence: confidence === unknownConfidence ? null : confidence,
      expires_at: expiry === Number.POSITIVE_INFINITY ? null : expiry,
    };
  }

  /** Gives back what was reserved for growth. */
  trim(): void {
    const size = this.#count;
    this.#lists = this.#lists.slice(0, size);
    this.#next = this.#next.slice(0, size);
    this.#descriptions = this.#descriptions?.slice(0, size);
    this.#confidences = this.#confidences?.slice(0, size);
    this.#expiries = this.#expiries?.slice(0, size);
    this.#texts.trim();
  }

  #append(facts: EntryFacts): number {
    const row = this.#count++;
    if (row === this.#lists.length) this.#enlarge(Math.ceil(row * 1.5));
    this.#lists[row] = facts.list;
    if (facts.description !== null) {
      this.#descriptions ??= new Uint32Array(this.#lists.length);
      this.#descriptions[row] = this.#texts.add(facts.description) + 1;
    }
    this.#setConfidence(row, facts.confidence);
    this.#setExpiry(row, facts.expires_at);
    return row;
  }

  #hasDescription(row: number, description: string | null): boolean {
    const text = this.#descriptions?.[row] ?? 0;
    return description === null ? text === 0 : text !== 0 && this.#texts.textAt(text - 1) === description;
  }

  #strengthened(head: number, row: number, facts: EntryFacts): number {
    const before = this.factsAt(row);
    if ((facts.confidence ?? -1) > (before.confidence ?? -1)) this.#setConfidence(row, facts.confidence);
    const isLonger = before.expires_at !== null && (facts.expires_at === null || facts.expires_at > before.expires_at);
    if (isLonger) this.#setExpiry(row, facts.expires_at);
    return head;
  }

  #setConfidence(row: number, confidence: number | null): void {
    if (confidence === null && this.#confidences === undefined) return;
    this.#confidences ??= new Uint8Array(this.#lists.length).fill(unknownConfidence);
    this.#confidences[row] = confidence ?? unknownConfidence;
  }

  #setExpiry(row: number, expiresAt: Micros | null): void {
    if (expiresAt === null && this.#expiries === undefined) return;
    this.#expiries ??= new Float64Array(this.#lists.length).fill(Number.POSITIVE_INFINITY);
    this.#expiries[row] = expiresAt ?? Number.POSITIVE_INFINITY;
  }

  #enlarge(size: number): void {
    const from = this.#lists.length;
    this.#lists = enlarged(this.#lists, size);
    this.#next = enlarged(this.#next, size).fill(none, from);
    if (this.#descriptions !== undefined) this.#descriptions = enlarged(this.#descriptions, size);
    if (this.#confidences !== undefined) {
      this.#confidences = enlarged(this.#confidences, size).fill(unknownConfidence, from);
    }
    if (this.#expiries !== undefined) {
      this.#expiries = enlarged(this.#expiries, size).fill(Number.POSITIVE_INFINITY, from);
    }
  }
}
