import { quote, type ProblemList } from '../../../../base/problem.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import { addField, eventOfEntry } from '../../../linux/journal/entry.ts';
import { readDatum, type Datum } from '../../../linux/journal/data.ts';
import { ObjectReader, objectTypes, type JournalObject } from './objects.ts';

/** Characters of all data that are held: entries may name any of them. journald bounds its files by 128 MiB. */
const maxHeld = 256 * 1024 * 1024;
/** Data objects that are held; a real journal of that size has some hundred thousand. */
const maxData = 4_000_000;
/** Characters of one entry. */
const maxEntry = 1024 * 1024;
const maxDatumBytes = 16 * 1024 * 1024;
/**
 * Entries share their data, so a small file can stand for a large text. Real ones come to ten times their size; beyond this
 * an attacker made it.
 */
const maxGrowth = 64;
const freeGrowth = 64 * 1024 * 1024;

const dataHeader = 64;
const compactDataHeader = 72;
const entryHeader = 64;

/** Reads the entries of a journal as events. */
export class EntryReader {
  readonly #problems: ProblemList;
  readonly #objects: ObjectReader;
  readonly #data = new Map<number, Datum>();
  #held = 0;
  #fed = 0;
  #given = 0;
  #isFull = false;
  #isOver = false;

  constructor(problems: ProblemList) {
    this.#problems = problems;
    this.#objects = new ObjectReader((problem) => problems.add(problem));
  }

  feed(chunk: Uint8Array): void {
    this.#fed += chunk.length;
    this.#objects.feed(chunk);
  }

  /** The event of the next entry; undefined when more bytes are needed. */
  next(): VakthundEvent | undefined {
    while (!this.#isOver) {
      const object = this.#objects.next();
      if (object === undefined) return undefined;
      if (object.type === objectTypes.data) this.#hold(object);
      else {
        const event = this.#entry(object);
        if (event !== undefined) return event;
      }
    }
    return undefined;
  }

  finish(): void {
    if (!this.#isOver) this.#objects.finish();
  }

  get #isCompact(): boolean {
    return this.#objects.header?.isCompact === true;
  }

  #hold({ bytes, flags, offset }: JournalObject): void {
    const payload = bytes.subarray(this.#isCompact ? compactDataHeader : dataHeader);
    if (this.#held >= maxHeld || this.#data.size >= maxData) {
      if (!this.#isFull) {
        const message = `the data of the journal take more than ${maxHeld} bytes; entries behind lack those that came later`;
        this.#problems.add({ code: 'limit-reached', at: { byte: offset }, message });
      }
      this.#isFull = true;
      return;
    }
    const datum = readDatum(payload, flags, maxDatumBytes);
    if (typeof datum === 'string') {
      const message = `the data at byte ${offset} are ${datum}: ${quote(payload.toString('latin1', 0, 60))}`;
      this.#problems.add({ code: 'bad-record', at: { byte: offset }, message });
      return;
    }
    this.#held += datum.value.length + 100;
    this.#data.set(offset, datum);
  }

  #entry(object: JournalObject): VakthundEvent | undefined {
    const { bytes, offset } = object;
    if (bytes.length < entryHeader) {
      this.#problems.add({ code: 'bad-record', at: { byte: offset }, message: `the entry at byte ${offset} is cut` });
      return undefined;
    }
    if (this.#given > freeGrowth + this.#fed * maxGrowth) {
      const message = `entries have come to more than ${maxGrowth} times the bytes of the journal; the rest was not read`;
      this.#problems.add({ code: 'limit-reached', at: { byte: offset }, message });
      this.#isOver = true;
      return undefined;
    }
    const fields = this.#fields(object);
    const micros = Number(bytes.readBigUInt64LE(24));
    const hex = (at: number): string => bytes.readBigUInt64LE(at).toString(16);
    const cursor = `s=${this.#objects.header?.sequenceId ?? ''};i=${hex(16)};b=${bytes.toString('hex', 40, 56)};m=${hex(32)};t=${hex(24)};x=${hex(56)}`;
    fields.set('__CURSOR', cursor);
    fields.set('__MONOTONIC_TIMESTAMP', String(bytes.readBigUInt64LE(32)));
    fields.set('__REALTIME_TIMESTAMP', String(bytes.readBigUInt64LE(24)));
    return eventOfEntry(fields, Number.isSafeInteger(micros) ? micros : 0);
  }

  #fields({ bytes, offset }: JournalObject): Map<string, string | string[]> {
    const fields = new Map<string, string | string[]>();
    const itemBytes = this.#isCompact ? 4 : 16;
    let length = 0;
    let missing = 0;
    for (let at = entryHeader; at + itemBytes <= bytes.length; at += itemBytes) {
      const target = this.#isCompact ? bytes.readUInt32LE(at) : Number(bytes.readBigUInt64LE(at));
      const datum = this.#data.get(target);
      length += datum === undefined ? 0 : datum.value.length + datum.name.length;
      if (datum === undefined || length > maxEntry) missing++;
      else addField(fields, datum.name, datum.value);
    }
    this.#given += Math.min(length, maxEntry) + 500;
    if (missing > 0) {
      const message = `the entry at byte ${offset} lacks ${missing} of its fields, whose data are not there, damaged or too long`;
      this.#problems.add({ code: 'bad-record', at: { byte: offset }, message });
    }
    return fields;
  }
}
