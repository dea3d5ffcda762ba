import { ProblemList, quote } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { ByteQueue } from '../../byte-queue.ts';
import { addField, eventOfEntry } from '../../linux/journal/entry.ts';
import type { Batch, DecodeContext } from '../../source.ts';

/** Bytes of one entry that are kept; what is longer is cut, and told. */
const maxEntryBytes = 16 * 1024 * 1024;
const batchEvents = 2048;
const newline = 10;

/** Reads entries of the export format: lines `NAME=value`, or `NAME`, a length and bytes; an empty line ends an entry. */
export async function* decodeExport(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const reader = new ExportReader(context.start.byte, context.start.line);
  for await (const chunk of content) {
    reader.feed(chunk);
    while (reader.next()) if (reader.isFull) yield reader.batch();
  }
  if (!context.growing) reader.end();
  yield reader.batch();
}

class ExportReader {
  readonly #problems = new ProblemList();
  #events: VakthundEvent[] = [];
  #fields = new Map<string, string | string[]>();
  #fieldBytes = 0;
  readonly #queue = new ByteQueue();
  /** Where the entry that is open begins, and where what is queued does. */
  #entryByte: number;
  #byte: number;
  #entries: number;
  /** Bytes of a field over the bound that are passed over. */
  #skip = 0;
  /** How much of what is queued was looked through for a line end. */
  #searched = 0;

  constructor(byte: number, entries: number) {
    this.#entryByte = byte;
    this.#byte = byte;
    this.#entries = entries;
  }

  get isFull(): boolean {
    return this.#events.length >= batchEvents;
  }

  feed(chunk: Uint8Array): void {
    this.#queue.push(chunk);
  }

  batch(): Batch {
    const events = this.#events;
    this.#events = [];
    return { events, problems: this.#problems.drain(), checkpoint: { byte: this.#entryByte, line: this.#entries } };
  }

  /** Takes one field or the end of an entry; false when more bytes are needed. */
  next(): boolean {
    if (this.#skip > 0) {
      const count = Math.min(this.#skip, this.#queue.length);
      this.#skip -= count;
      this.#take(count);
      return this.#skip === 0 && this.#queue.length > 0;
    }
    const end = this.#queue.bytes.indexOf(newline, this.#searched);
    if (end < 0) {
      this.#searched = this.#queue.length;
      if (this.#queue.length > maxEntryBytes) this.#cutLine();
      return false;
    }
    if (end === 0) this.#endEntry();
    const line = this.#queue.bytes.subarray(0, end);
    const equals = line.indexOf(61);
    if (end === 0 || equals >= 0) {
      if (equals >= 0) this.#add(line.toString('latin1', 0, equals), line.subarray(equals + 1));
      this.#take(end + 1);
      if (end === 0) this.#entryByte = this.#byte;
      return true;
    }
    return this.#binaryField(line, end);
  }

  end(): void {
    if (this.#queue.length > 0 || this.#skip > 0) {
      const message = 'the last entry has no end; it is kept in part';
      this.#problems.add({ code: 'truncated', at: { line: this.#entries + 1, byte: this.#entryByte }, message });
    }
    this.#endEntry();
    this.#entryByte = this.#byte + this.#queue.length;
  }

  /** `NAME`, a length of eight bytes, so many bytes, and a line end. */
  #binaryField(line: Buffer, end: number): boolean {
    const start = end + 9;
    if (this.#queue.length < start) return false;
    const size = Number(this.#queue.bytes.readBigUInt64LE(end + 1));
    if (size > maxEntryBytes) {
      const message = `the field ${quote(line.toString('latin1'))} has ${size} bytes; it was passed over`;
      this.#problems.add({ code: 'record-too-long', at: { line: this.#entries + 1, byte: this.#byte }, message });
      this.#take(start);
      this.#skip = Math.min(size + 1, Number.MAX_SAFE_INTEGER);
      return true;
    }
    if (this.#queue.length < start + size + 1) return false;
    this.#add(line.toString('latin1'), this.#queue.bytes.subarray(start, start + size));
    this.#take(start + size + 1);
    return true;
  }

  #add(name: string, value: Buffer): void {
    if (!/^[A-Z_][A-Z\d_]{0,63}$/.test(name)) {
      const message = `a line is no field of an entry: ${quote(name)}`;
      this.#problems.add({ code: 'bad-record', at: { line: this.#entries + 1, byte: this.#byte }, message });
      return;
    }
    this.#fieldBytes += value.length;
    if (this.#fieldBytes <= maxEntryBytes) addField(this.#fields, name, value.toString('utf8'));
    else {
      const message = `an entry is longer than ${maxEntryBytes} bytes; the rest of it was left out`;
      this.#problems.add({ code: 'record-too-long', at: { line: this.#entries + 1, byte: this.#byte }, message });
    }
  }

  #endEntry(): void {
    if (this.#fields.size === 0) return;
    const time = this.#fields.get('__REALTIME_TIMESTAMP');
    const micros = typeof time === 'string' && /^\d{1,16}$/.test(time) ? Number(time) : undefined;
    this.#entries++;
    if (micros === undefined) {
      const message = 'an entry has no time';
      this.#problems.add({ code: 'bad-record', at: { line: this.#entries, byte: this.#entryByte }, message });
    }
    const event = eventOfEntry(this.#fields, micros ?? 0);
    event.evidence_at = this.#entries;
    this.#events.push(event);
    this.#fields = new Map();
    this.#fieldBytes = 0;
  }

  #cutLine(): void {
    const message = `a line is longer than ${maxEntryBytes} bytes; it was left out`;
    this.#problems.add({ code: 'record-too-long', at: { line: this.#entries + 1, byte: this.#byte }, message });
    this.#take(this.#queue.length);
  }

  #take(count: number): void {
    this.#queue.drop(count);
    this.#byte += count;
    this.#searched = 0;
  }
}
