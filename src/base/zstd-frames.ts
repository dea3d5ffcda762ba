import { VakthundError } from './errors.ts';

/** A piece of a frame. */
export interface FramePart {
  readonly bytes: Buffer;
  /** It is the last of its frame. */
  readonly isLast: boolean;
  /** Of a frame that holds no data: programs keep tables of contents there. */
  readonly isSkipped: boolean;
}

type State = 'magic' | 'descriptor' | 'block' | 'body' | 'checksum' | 'skip-size';

const frameMagic = 0xfd2f_b528;
const rleBlock = 1;
const fieldBytes: Readonly<Record<State, number>> = {
  magic: 4,
  descriptor: 1,
  block: 3,
  body: 0,
  checksum: 4,
  'skip-size': 4,
};
const dictionaryBytes = [0, 1, 2, 4];
const contentSizeBytes = [0, 2, 4, 8];

/**
 * Finds where the frames of a zstd stream end (RFC 8878, 3.1), without decompressing them: layers have one or hundreds of thousands, and
 * zlib of Node reads only the first.
 */
export class ZstdFrames {
  #state: State = 'magic';
  readonly #field = Buffer.alloc(4);
  #filled = 0;
  #needed = 4;
  /** Bytes to be passed over. */
  #rest = 0;
  #afterRest: State = 'magic';
  #isSkipped = false;
  #hasChecksum = false;
  #held: Buffer = Buffer.alloc(0);
  /** No frame began where one should. */
  #isLost = false;

  /** The frames' parts in a chunk; a beginning that is too short to tell waits for the next chunk. What is no frame is left out. */
  split(chunk: Buffer): FramePart[] {
    if (this.#isLost) return [];
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    if (this.#held.length > 0) this.#filled = 0;
    this.#held = Buffer.alloc(0);
    const parts: FramePart[] = [];
    let start = 0;
    let at = 0;
    while (at < bytes.length) {
      at += this.#step(bytes, at);
      if (this.#isLost) return parts;
      if (this.#state !== 'magic' || this.#filled > 0) continue;
      parts.push({ bytes: bytes.subarray(start, at), isLast: true, isSkipped: this.#isSkipped });
      start = at;
    }
    const tail = bytes.subarray(start);
    if (this.#state === 'magic') this.#held = tail;
    else if (tail.length > 0) parts.push({ bytes: tail, isLast: false, isSkipped: this.#isSkipped });
    return parts;
  }

  /** Throws when the stream did not end with a frame. */
  end(): void {
    if (this.#isLost || this.#held.length > 0) {
      throw new VakthundError('EVIDENCE_READ', 'after some bytes there is no frame of zstd');
    }
  }

  #step(bytes: Buffer, at: number): number {
    if (this.#state === 'body') {
      const step = Math.min(this.#rest, bytes.length - at);
      this.#rest -= step;
      if (this.#rest === 0) this.#enter(this.#afterRest);
      return step;
    }
    const step = Math.min(this.#needed - this.#filled, bytes.length - at);
    bytes.copy(this.#field, this.#filled, at, at + step);
    this.#filled += step;
    if (this.#filled === this.#needed) this.#readField();
    return step;
  }

  #readField(): void {
    const field = this.#field;
    if (this.#state === 'magic') this.#readMagic(field.readUInt32LE(0));
    else if (this.#state === 'descriptor') this.#readDescriptor(field.readUInt8(0));
    else if (this.#state === 'block') this.#readBlock(field.readUIntLE(0, 3));
    else if (this.#state === 'skip-size') this.#passOver(field.readUInt32LE(0), 'magic');
    else this.#enter('magic');
  }

  #readMagic(magic: number): void {
    this.#isSkipped = magic >>> 4 === 0x0184_d2a5;
    this.#isLost = !this.#isSkipped && magic !== frameMagic;
    this.#enter(this.#isSkipped ? 'skip-size' : 'descriptor');
  }

  #readDescriptor(descriptor: number): void {
    const isSingleSegment = (descriptor & 0x20) !== 0;
    this.#hasChecksum = (descriptor & 0x04) !== 0;
    const sizeBytes = contentSizeBytes[descriptor >>> 6] ?? 0;
    const windowBytes = isSingleSegment ? 0 : 1;
    const content = sizeBytes === 0 && isSingleSegment ? 1 : sizeBytes;
    this.#passOver(windowBytes + (dictionaryBytes[descriptor & 3] ?? 0) + content, 'block');
  }

  #readBlock(header: number): void {
    const isLast = (header & 1) === 1;
    const isRle = ((header >>> 1) & 3) === rleBlock;
    const next: State = this.#hasChecksum ? 'checksum' : 'magic';
    this.#passOver(isRle ? 1 : header >>> 3, isLast ? next : 'block');
  }

  #passOver(bytes: number, next: State): void {
    this.#rest = bytes;
    this.#afterRest = next;
    this.#enter(bytes === 0 ? next : 'body');
  }

  #enter(state: State): void {
    this.#state = state;
    this.#filled = 0;
    this.#needed = fieldBytes[state];
  }
}
