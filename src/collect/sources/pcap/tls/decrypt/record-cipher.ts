import { createDecipheriv, createHmac, timingSafeEqual, type CipherGCMTypes } from 'node:crypto';
import type { Suite } from './suite.ts';

/** Opens the records of one side, in order. */
export interface RecordCipher {
  /** Content of the next record; undefined when it was not made with these keys, and then the next one is still awaited. */
  open(type: number, version: number, payload: Uint8Array): Buffer | undefined;
}

const nonceBytes = 12;
const sequenceBytes = 8;

/** AEAD ciphers of TLS 1.2 (RFC 5246, 6.2.3.3; RFC 7905) and, with `isTls13`, of TLS 1.3 (RFC 8446, 5.2 and 5.3). */
export class AeadCipher implements RecordCipher {
  readonly #suite: Suite;
  readonly #key: Buffer;
  readonly #iv: Buffer;
  readonly #isTls13: boolean;
  #sequence = 0;

  constructor(suite: Suite, key: Buffer, iv: Buffer, isTls13: boolean) {
    this.#suite = suite;
    this.#key = key;
    this.#iv = iv;
    this.#isTls13 = isTls13;
  }

  open(type: number, version: number, payload: Uint8Array): Buffer | undefined {
    const { tagBytes, cipher } = this.#suite;
    const explicitBytes = this.#isTls13 ? 0 : this.#suite.explicitBytes;
    const length = payload.length - explicitBytes - tagBytes;
    if (length < 0) return undefined;
    const nonce = this.#nonce(payload.subarray(0, explicitBytes));
    // One type for all AEAD ciphers: the calls are the same.
    const decipher = createDecipheriv(cipher as CipherGCMTypes, this.#key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(payload.subarray(explicitBytes + length));
    const associated = this.#isTls13
      ? recordHeader(type, version, payload.length)
      : Buffer.concat([sequenceOf(this.#sequence), recordHeader(type, version, length)]);
    decipher.setAAD(associated, { plaintextLength: length });
    try {
      const content = decipher.update(payload.subarray(explicitBytes, explicitBytes + length));
      decipher.final();
      this.#sequence++;
      return content;
    } catch {
      return undefined;
    }
  }

  /** What the record carries behind what the keys gave, or the sequence number mixed into it. */
  #nonce(explicit: Uint8Array): Buffer {
    if (explicit.length > 0) return Buffer.concat([this.#iv, explicit]);
    const nonce = Buffer.from(this.#iv);
    const sequence = sequenceOf(this.#sequence);
    for (let at = 0; at < sequenceBytes; at++) {
      const place = nonceBytes - sequenceBytes + at;
      nonce[place] = (nonce[place] ?? 0) ^ (sequence[at] ?? 0);
    }
    return nonce;
  }
}

/**
 * Block ciphers with a message authentication code, before encryption or, when both sides agreed on it, behind it (RFC 5246, 6.2.3.2;
 * RFC 7366). Before TLS 1.1 a record's vector is the end of the record before.
 */
export class CbcCipher implements RecordCipher {
  readonly #suite: Suite;
  readonly #key: Buffer;
  readonly #macKey: Buffer;
  readonly #isMacOutside: boolean;
  #chained: Buffer | undefined;
  #sequence = 0;

  constructor(suite: Suite, key: Buffer, macKey: Buffer, chained: Buffer | undefined, isMacOutside: boolean) {
    this.#suite = suite;
    this.#key = key;
    this.#macKey = macKey;
    this.#chained = chained;
    this.#isMacOutside = isMacOutside;
  }

  open(type: number, version: number, payload: Uint8Array): Buffer | undefined {
    const { macBytes, ivBytes } = this.#suite;
    const sealed = this.#isMacOutside ? payload.subarray(0, -macBytes) : payload;
    if (
      this.#isMacOutside &&
      (payload.length < macBytes || !this.#fits(type, version, sealed, payload.subarray(-macBytes)))
    ) {
      return undefined;
    }
    const iv = this.#chained ?? sealed.subarray(0, ivBytes);
    const blocks = this.#chained === undefined ? sealed.subarray(ivBytes) : sealed;
    if (iv.length < ivBytes || blocks.length === 0 || blocks.length % ivBytes !== 0) return undefined;
    const plain = this.#decrypt(iv, blocks);
    const padding = (plain.at(-1) ?? 0) + 1;
    const contentLength = plain.length - padding - (this.#isMacOutside ? 0 : macBytes);
    if (contentLength < 0) return undefined;
    const content = plain.subarray(0, contentLength);
    const mac = plain.subarray(contentLength, contentLength + macBytes);
    if (!this.#isMacOutside && !this.#fits(type, version, content, mac)) return undefined;
    if (this.#chained !== undefined) this.#chained = Buffer.from(blocks.subarray(-ivBytes));
    this.#sequence++;
    return content;
  }

  #decrypt(iv: Uint8Array, blocks: Uint8Array): Buffer {
    const decipher = createDecipheriv(this.#suite.cipher, this.#key, iv).setAutoPadding(false);
    return Buffer.concat([decipher.update(blocks), decipher.final()]);
  }

  #fits(type: number, version: number, bytes: Uint8Array, mac: Uint8Array): boolean {
    const expected = createHmac(this.#suite.macHash, this.#macKey)
      .update(sequenceOf(this.#sequence))
      .update(recordHeader(type, version, bytes.length))
      .update(bytes)
      .digest();
    return expected.length === mac.length && timingSafeEqual(expected, mac);
  }
}

/** Eight bytes; a capture holds no more records than a number counts. */
function sequenceOf(sequence: number): Buffer {
  const bytes = Buffer.alloc(sequenceBytes);
  bytes.writeUIntBE(sequence, 2, 6);
  return bytes;
}

function recordHeader(type: number, version: number, length: number): Buffer {
  return Buffer.from([type, version >> 8, version & 255, length >> 8, length & 255]);
}
