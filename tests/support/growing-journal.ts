import { closeSync, openSync, writeSync } from 'node:fs';

const headerBytes = 256;
const listItems = 4;
const state = { online: 1, archived: 2 } as const;

/** A journal of the plain form that grows as journald's do: objects are appended, lists of entries are filled, and the header changes in place. */
export class GrowingJournal {
  readonly #descriptor: number;
  readonly #header = Buffer.alloc(headerBytes);
  #end = headerBytes;
  #entries = 0;
  #list = 0;

  constructor(path: string, sequenceId: string) {
    this.#descriptor = openSync(path, 'w+');
    this.#header.write('LPKSHHRH', 'latin1');
    this.#header[16] = state.online;
    this.#header.write(sequenceId, 72, 'hex');
    this.#header.writeBigUInt64LE(BigInt(headerBytes), 88);
    this.#writeHeader();
  }

  /** Adds an entry with that number; fields are `NAME=value`. Gives where it stands. */
  append(sequence: number, ...fields: readonly string[]): number {
    const places = fields.map((field) =>
      this.#object(1, Buffer.concat([Buffer.alloc(48), Buffer.from(field, 'latin1')])),
    );
    const entry = Buffer.alloc(48 + places.length * 16);
    entry.writeBigUInt64LE(BigInt(sequence), 0);
    entry.writeBigUInt64LE(1_795_692_741_080_508n + BigInt(sequence), 8);
    places.forEach((place, index) => entry.writeBigUInt64LE(BigInt(place), 48 + index * 16));
    const place = this.#object(3, entry);
    this.#announce(sequence);
    this.#link(place);
    return place;
  }

  /** Gives a number away whose entry does not come. */
  skip(sequence: number): void {
    this.#announce(sequence);
    this.#writeHeader();
  }

  /** Nothing will be written to it any more. */
  archive(): void {
    this.#header[16] = state.archived;
    this.#writeHeader();
    closeSync(this.#descriptor);
  }

  /** Writes over what stands there. */
  damage(at: number, bytes: Uint8Array): void {
    writeSync(this.#descriptor, bytes, 0, bytes.length, at);
  }

  #announce(sequence: number): void {
    this.#header.writeBigUInt64LE(BigInt(sequence), 160);
  }

  #link(place: number): void {
    const index = this.#entries % listItems;
    if (index === 0) {
      const list = this.#object(6, Buffer.alloc(8 + listItems * 8));
      if (this.#list === 0) this.#header.writeBigUInt64LE(BigInt(list), 176);
      else this.damage(this.#list + 16, number(list));
      this.#list = list;
    }
    this.damage(this.#list + 24 + index * 8, number(place));
    this.#header.writeBigUInt64LE(BigInt(++this.#entries), 152);
    this.#writeHeader();
  }

  #object(type: number, content: Buffer): number {
    const at = this.#end;
    const head = Buffer.alloc(16);
    head[0] = type;
    head.writeBigUInt64LE(BigInt(16 + content.length), 8);
    this.damage(at, Buffer.concat([head, content]));
    this.#header.writeBigUInt64LE(BigInt(at), 136);
    this.#end = Math.ceil((at + 16 + content.length) / 8) * 8;
    return at;
  }

  #writeHeader(): void {
    this.damage(0, this.#header);
  }
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
