import { Cursor } from '../../wire/cursor.ts';
import { readVarint } from './packet.ts';

/** A hello is shorter than this, with room for keys after quantum computers. */
const maxStreamBytes = 16_384;
const maxFrames = 2000;

/** The bytes of one side's CRYPTO frames (RFC 9000, 19.6), put together by their offsets: clients cut their hello and shuffle the pieces. */
export class CryptoStream {
  #bytes = Buffer.alloc(0);
  /** Which bytes came. */
  #isThere = new Uint8Array(0);
  #length = 0;

  /** Adds the frames of one packet. True when it closes the connection. */
  addFrames(content: Uint8Array): boolean {
    const cursor = new Cursor(content);
    for (let count = 0; count < maxFrames && cursor.left > 0; count++) {
      const type = cursor.u8();
      if (type === 0x00 || type === 0x01) continue;
      if (type === 0x02 || type === 0x03) skipAcknowledgement(cursor, type === 0x03);
      else if (type === 0x06) {
        const offset = readVarint(cursor);
        const data = cursor.take(readVarint(cursor));
        if (!cursor.isCut) this.#add(offset, data);
      } else return type === 0x1c || type === 0x1d;
      if (cursor.isCut) return false;
    }
    return false;
  }

  /** The bytes from the start up to the first hole. */
  get contiguous(): Uint8Array {
    while (this.#isThere[this.#length] === 1) this.#length++;
    return this.#bytes.subarray(0, this.#length);
  }

  #add(offset: number, data: Uint8Array): void {
    const end = offset + data.length;
    if (end > maxStreamBytes) return;
    if (end > this.#bytes.length) {
      const size = Math.max(end, 2 * this.#bytes.length);
      const bytes = Buffer.alloc(size);
      const isThere = new Uint8Array(size);
      bytes.set(this.#bytes);
      isThere.set(this.#isThere);
      this.#bytes = bytes;
      this.#isThere = isThere;
    }
    this.#bytes.set(data, offset);
    this.#isThere.fill(1, offset, end);
  }
}

function skipAcknowledgement(cursor: Cursor, hasCounts: boolean): void {
  readVarint(cursor);
  readVarint(cursor);
  const ranges = readVarint(cursor);
  readVarint(cursor);
  for (let index = 0; index < ranges * 2 && !cursor.isCut; index++) readVarint(cursor);
  for (let index = 0; index < (hasCounts ? 3 : 0); index++) readVarint(cursor);
}
