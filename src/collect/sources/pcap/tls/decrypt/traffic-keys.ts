import { expandLabel } from './derive.ts';
import { AeadCipher, type RecordCipher } from './record-cipher.ts';
import { suiteOf, type Suite } from './suite.ts';

/** Bytes of a nonce in TLS 1.3. */
const ivBytes = 12;

/** The keys that one side of TLS 1.3 goes through (RFC 8446, 7.2 and 7.3); a secret that the log lacks leaves its records closed. */
export class TrafficKeys {
  readonly #suite: Suite;
  readonly #application: Buffer | undefined;
  #secret: Buffer | undefined;

  constructor(suite: Suite, handshake: Buffer | undefined, application: Buffer | undefined) {
    this.#suite = suite;
    this.#secret = handshake;
    this.#application = application;
  }

  cipher(): RecordCipher | undefined {
    if (this.#secret === undefined) return undefined;
    const { hash, keyBytes } = this.#suite;
    const key = expandLabel(hash, this.#secret, 'key', keyBytes);
    return new AeadCipher(this.#suite, key, expandLabel(hash, this.#secret, 'iv', ivBytes), true);
  }

  afterHandshake(): void {
    this.#secret = this.#application;
  }

  update(): void {
    const { hash } = this.#suite;
    if (this.#secret !== undefined) this.#secret = expandLabel(hash, this.#secret, 'traffic upd', this.#secret.length);
  }
}

/** TLS_AES_128_GCM_SHA256 and TLS_CHACHA20_POLY1305_SHA256; TLS_AES_256_GCM_SHA384. */
const suitesBySecretBytes: Readonly<Record<number, readonly number[]>> = { 32: [0x1301, 0x1303], 48: [0x1302] };

/**
 * Opens what a client sends before the server has answered (0-RTT). The suite is that of an earlier session, which the hello does not
 * name: those that fit the secret are tried.
 */
export class EarlyData {
  #ciphers: readonly RecordCipher[];

  constructor(secret: Buffer) {
    const suites = (suitesBySecretBytes[secret.length] ?? []).map(suiteOf).filter((suite) => suite !== undefined);
    this.#ciphers = suites
      .map((suite) => new TrafficKeys(suite, secret, undefined).cipher())
      .filter((cipher) => cipher !== undefined);
  }

  open(type: number, version: number, payload: Uint8Array): Buffer | undefined {
    for (const cipher of this.#ciphers) {
      const content = cipher.open(type, version, payload);
      if (content === undefined) continue;
      this.#ciphers = [cipher];
      return content;
    }
    return undefined;
  }
}
