import { maxHeldBytes } from '../analyzer.ts';

/** Content types of the record layer (RFC 8446, 5.1; RFC 6520). */
export const contentType = {
  changeCipherSpec: 20,
  alert: 21,
  handshake: 22,
  applicationData: 23,
  heartbeat: 24,
} as const;

const headerBytes = 5;
/** RFC 5246, 6.2.3: 2^14 and what compression and encryption add. */
const maxRecordBytes = 16_384 + 2048;

/**
 * Cuts one side of a TLS stream into records. Holds one record at most. `data` is false when the bytes are no TLS records; nothing can
 * be told apart afterwards.
 */
export class RecordStream {
  readonly #onRecord: (type: number, payload: Uint8Array, version: number) => void;
  #held = Buffer.alloc(0);
  #heldLength = 0;

  constructor(onRecord: (type: number, payload: Uint8Array, version: number) => void) {
    this.#onRecord = onRecord;
  }

  data(bytes: Uint8Array): boolean {
    let at = 0;
    if (this.#heldLength > 0) {
      at = this.#fill(bytes, headerBytes, 0);
      if (this.#heldLength < headerBytes) return true;
      const length = recordLength(this.#held, 0);
      if (length < 0) return false;
      at = this.#fill(bytes, headerBytes + length, at);
      if (this.#heldLength < headerBytes + length) return true;
      this.#heldLength = 0;
      this.#onRecord(
        this.#held[0] ?? 0,
        this.#held.subarray(headerBytes, headerBytes + length),
        versionAt(this.#held, 0),
      );
    }
    while (bytes.length - at >= headerBytes) {
      const length = recordLength(bytes, at);
      if (length < 0) return false;
      const end = at + headerBytes + length;
      if (end > bytes.length) break;
      this.#onRecord(bytes[at] ?? 0, bytes.subarray(at + headerBytes, end), versionAt(bytes, at));
      at = end;
    }
    if (at < bytes.length) this.#fill(bytes, headerBytes + maxRecordBytes, at);
    return true;
  }

  /** Holds bytes from `at` on until there are `wanted`; the place behind those taken. */
  #fill(bytes: Uint8Array, wanted: number, at: number): number {
    const taken = Math.min(Math.max(0, wanted - this.#heldLength), bytes.length - at);
    if (this.#heldLength + taken > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, 2 * this.#held.length, this.#heldLength + taken));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(bytes.subarray(at, at + taken), this.#heldLength);
    this.#heldLength += taken;
    return at + taken;
  }
}

function versionAt(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
}

/** Length of the record whose header stands at `at`; -1 when it is no header. */
function recordLength(bytes: Uint8Array, at: number): number {
  const type = bytes[at] ?? 0;
  if (type < contentType.changeCipherSpec || type > contentType.heartbeat) return -1;
  const major = bytes[at + 1] ?? 0;
  if (major !== 3 && major !== 0x7f) return -1;
  const length = ((bytes[at + 3] ?? 0) << 8) | (bytes[at + 4] ?? 0);
  return length > maxRecordBytes ? -1 : length;
}

/** Cuts the handshake records of one side into messages. Messages longer than `maxHeldBytes` are told by type only, with an empty body. */
export class HandshakeStream {
  readonly #onMessage: (type: number, body: Uint8Array) => void;
  /** The beginning of a message that is not complete; grows by doubling, so that tiny records cost no more than others. */
  #held = Buffer.alloc(0);
  #heldLength = 0;
  #toSkip = 0;

  constructor(onMessage: (type: number, body: Uint8Array) => void) {
    this.#onMessage = onMessage;
  }

  data(record: Uint8Array): void {
    const skipped = Math.min(this.#toSkip, record.length);
    this.#toSkip -= skipped;
    const bytes = record.subarray(skipped);
    if (this.#heldLength === 0) {
      this.#hold(bytes.subarray(this.#messages(bytes)));
      return;
    }
    this.#hold(bytes);
    const all = this.#held.subarray(0, this.#heldLength);
    const used = this.#messages(all);
    if (used === 0) return;
    this.#held.copyWithin(0, used, this.#heldLength);
    this.#heldLength -= used;
  }

  /** Hands over the messages that are whole; the number of bytes used. */
  #messages(bytes: Uint8Array): number {
    let at = 0;
    while (bytes.length - at >= 4) {
      const type = bytes[at] ?? 0;
      const length = ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
      const end = at + 4 + length;
      if (length > maxHeldBytes) {
        this.#onMessage(type, bytes.subarray(0, 0));
        this.#toSkip = Math.max(0, end - bytes.length);
        at = Math.min(end, bytes.length);
        continue;
      }
      if (end > bytes.length) break;
      this.#onMessage(type, bytes.subarray(at + 4, end));
      at = end;
    }
    return at;
  }

  #hold(bytes: Uint8Array): void {
    const needed = this.#heldLength + bytes.length;
    if (needed > this.#held.length) {
      const larger = Buffer.allocUnsafe(Math.max(1024, needed, 2 * this.#held.length));
      larger.set(this.#held.subarray(0, this.#heldLength));
      this.#held = larger;
    }
    this.#held.set(bytes, this.#heldLength);
    this.#heldLength = needed;
  }
}
