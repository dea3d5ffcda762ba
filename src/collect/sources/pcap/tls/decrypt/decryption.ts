import type { SessionSecrets, TlsSecrets } from '../../../../tls-secrets.ts';
import { hexText } from '../../wire/text.ts';
import { contentType } from '../record-stream.ts';
import { dataOf, extensionType } from '../extensions.ts';
import { readClientHello } from '../client-hello.ts';
import { readServerHello, type ServerHello } from '../server-hello.ts';
import { isTls13 } from '../summary.ts';
import { keyBlock } from './derive.ts';
import { AeadCipher, CbcCipher, type RecordCipher } from './record-cipher.ts';
import { suiteOf, type Suite } from './suite.ts';
import { EarlyData, TrafficKeys } from './traffic-keys.ts';

/** What a record held: its content type inside the encryption, and its bytes. */
export interface OpenedRecord {
  readonly type: number;
  readonly content: Uint8Array;
}

/** Message types that change keys (RFC 8446, 4). */
const handshakeType = {
  clientHello: 1,
  serverHello: 2,
  endOfEarlyData: 5,
  finished: 20,
  keyUpdate: 24,
} as const;

interface Side {
  cipher: RecordCipher | undefined;
  /** TLS 1.2 and before: the cipher of the next change of cipher. */
  next: RecordCipher | undefined;
  /** TLS 1.3: the secrets that the cipher is made from. */
  traffic: TrafficKeys | undefined;
}

/**
 * Follows the keys of one TLS connection over TCP, from SSL 3's successors to TLS 1.3, and opens its records. It is shown every handshake
 * message, also those that it opened, so that renegotiations and updates of keys are followed.
 */
export class Decryption {
  readonly #secrets: TlsSecrets;
  readonly #sides: readonly [client: Side, server: Side] = [newSide(), newSide()];
  #clientRandom: Uint8Array = new Uint8Array(0);
  #session: SessionSecrets | undefined;
  #early: EarlyData | undefined;
  #isTls13 = false;
  /** A record was opened: the secrets are those of this connection. */
  hasOpened = false;

  constructor(secrets: TlsSecrets) {
    this.#secrets = secrets;
  }

  /** Whether records of this side can be opened now. */
  isReady(isClient: boolean): boolean {
    return this.#side(isClient).cipher !== undefined || (isClient && this.#early !== undefined);
  }

  message(isClient: boolean, type: number, body: Uint8Array): void {
    if (isClient && type === handshakeType.clientHello) this.#clientHello(body);
    else if (!isClient && type === handshakeType.serverHello) this.#serverHello(body);
    else if (!this.#isTls13) return;
    else if (type === handshakeType.endOfEarlyData && isClient) this.#early = undefined;
    else if (type === handshakeType.finished) this.#advance(isClient, (traffic) => traffic.afterHandshake());
    else if (type === handshakeType.keyUpdate) this.#advance(isClient, (traffic) => traffic.update());
  }

  /** A change of cipher: of use before TLS 1.3 only. */
  changeCipherSpec(isClient: boolean): void {
    const side = this.#side(isClient);
    if (this.#isTls13) return;
    side.cipher = side.next;
    side.next = undefined;
  }

  /** The next record of a side; undefined when it cannot be opened. */
  open(isClient: boolean, type: number, version: number, payload: Uint8Array): OpenedRecord | undefined {
    const early = isClient ? this.#early?.open(type, version, payload) : undefined;
    const content = early ?? this.#side(isClient).cipher?.open(type, version, payload);
    if (content === undefined) return undefined;
    this.hasOpened = true;
    if (early === undefined && isClient && this.#isTls13) this.#early = undefined;
    return this.#isTls13 || early !== undefined ? withoutPadding(content) : { type, content };
  }

  #side(isClient: boolean): Side {
    return this.#sides[isClient ? 0 : 1];
  }

  #clientHello(body: Uint8Array): void {
    const random = new Uint8Array(body.subarray(2, 34));
    const session = this.#secrets.find(hexText(random));
    this.#clientRandom = random;
    this.#session = session;
    if (session?.CLIENT_EARLY_TRAFFIC_SECRET === undefined) return;
    const hello = readClientHello(body);
    const offersEarlyData = hello !== undefined && dataOf(hello.extensions, extensionType.earlyData) !== undefined;
    this.#early = offersEarlyData ? new EarlyData(session.CLIENT_EARLY_TRAFFIC_SECRET) : undefined;
  }

  #serverHello(body: Uint8Array): void {
    const hello = readServerHello(body);
    if (hello === undefined || hello.isRetry || this.#session === undefined) return;
    const suite = suiteOf(hello.cipherSuite);
    if (suite === undefined) return;
    this.#isTls13 = isTls13(hello.selectedVersion);
    if (this.#isTls13) this.#beginTraffic(suite, this.#session);
    else this.#prepare(suite, hello, body.subarray(2, 34), this.#session);
  }

  #beginTraffic(suite: Suite, secrets: SessionSecrets): void {
    const {
      CLIENT_HANDSHAKE_TRAFFIC_SECRET: clientHandshake,
      SERVER_HANDSHAKE_TRAFFIC_SECRET: serverHandshake,
      CLIENT_TRAFFIC_SECRET_0: client,
      SERVER_TRAFFIC_SECRET_0: server,
    } = secrets;
    this.#begin(true, new TrafficKeys(suite, clientHandshake, client));
    this.#begin(false, new TrafficKeys(suite, serverHandshake, server));
  }

  #begin(isClient: boolean, traffic: TrafficKeys): void {
    const side = this.#side(isClient);
    side.traffic = traffic;
    side.cipher = traffic.cipher();
  }

  #advance(isClient: boolean, step: (traffic: TrafficKeys) => void): void {
    const side = this.#side(isClient);
    if (side.traffic === undefined) return;
    step(side.traffic);
    side.cipher = side.traffic.cipher();
  }

  /** Keys of both sides from the master secret (RFC 5246, 6.3); compressed records are not read. */
  #prepare(suite: Suite, hello: ServerHello, serverRandom: Uint8Array, secrets: SessionSecrets): void {
    const { version, isCompressed, extensions } = hello;
    const master = secrets.CLIENT_RANDOM;
    if (master === undefined || isCompressed || version < 0x0301) return;
    const isMacOutside = suite.mode === 'cbc' && dataOf(extensions, extensionType.encryptThenMac) !== undefined;
    const { macBytes, keyBytes, ivBytes } = suite;
    const block = keyBlock(
      version,
      suite.hash,
      master,
      this.#clientRandom,
      serverRandom,
      2 * (macBytes + keyBytes + ivBytes),
    );
    for (const [index, side] of this.#sides.entries()) {
      const part = (start: number, length: number): Buffer =>
        block.subarray(2 * start + index * length, 2 * start + (index + 1) * length);
      const key = part(macBytes, keyBytes);
      const iv = part(macBytes + keyBytes, ivBytes);
      side.next =
        suite.mode === 'aead'
          ? new AeadCipher(suite, key, iv, false)
          : new CbcCipher(suite, key, part(0, macBytes), version === 0x0301 ? iv : undefined, isMacOutside);
    }
  }
}

function newSide(): Side {
  return { cipher: undefined, next: undefined, traffic: undefined };
}

/** The true type stands behind the content, and zeros behind that (RFC 8446, 5.4). */
function withoutPadding(content: Buffer): OpenedRecord {
  let end = content.length - 1;
  while (end > 0 && content[end] === 0) end--;
  return { type: content[end] ?? contentType.alert, content: content.subarray(0, Math.max(0, end)) };
}
