import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { Decryption } from '../../tls/decrypt/decryption.ts';
import { contentType, HandshakeStream, RecordStream } from '../../tls/record-stream.ts';
import { CertificateLog } from './certificates.ts';
import { DtlsConnection } from './datagrams.ts';
import { Handshake } from './handshake.ts';
import { hexText } from '../../wire/text.ts';
import { oldHelloLength, recognizeTls } from './recognize.ts';

export const analyzer = defineAnalyzer({
  id: 'tls',
  title: 'TLS',
  description:
    'SSL 3 to TLS 1.3 over TCP, DTLS 1.0 and 1.2 over UDP, and the client hello of SSL 2: versions, cipher, group, SNI, ALPN, resumption, certificates, alerts and ' +
    "Zeek's ssl_history, with JA3, JA3S and the JA4 of the client. With the secrets of a connection over TCP (TLS 1.0 to 1.3; AES, ChaCha20, Camellia, 3DES) what it carries is read like anything else, and certificates of TLS 1.3 too; without, what is encrypted is not read. Chains are not validated. Of JA4 only the part under the BSD licence.",
  references: [
    'RFC 8446',
    'RFC 5246',
    'RFC 6066',
    'RFC 7301',
    'RFC 5280',
    'https://github.com/salesforce/ja3',
    'https://github.com/FoxIO-LLC/ja4',
  ],
  emits: ['tls', 'certificate'],
  service: 'ssl',
  transports: ['tcp', 'udp'],
  ports: [443, 563, 585, 614, 636, 989, 990, 992, 993, 995, 5223],
  recognize: recognizeTls,
  start: (capture) => {
    const log = new CertificateLog(capture);
    return {
      attach: (context) =>
        context.connection.transport === 'udp' ? new DtlsConnection(context, log) : new TlsConnection(context, log),
    };
  },
});

interface Side {
  readonly records: RecordStream;
  readonly handshake: HandshakeStream;
  /** Handshake messages in encrypted records. */
  readonly inside: HandshakeStream;
  isEncrypted: boolean;
  hasBegun: boolean;
  /** Its encrypted records can no longer be followed. */
  isLost: boolean;
  /** Bytes of an SSL 2 hello that are still to be passed over. */
  toSkip: number;
}

const clientHelloType = 1;

class TlsConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #handshake: Handshake;
  readonly #decryption: Decryption | undefined;
  readonly #sides: readonly [Side, Side];
  /** What reads the decrypted content. */
  #inner: ConnectionAnalyzer | undefined;
  #hasContent = false;
  #isToldFinished = false;
  /** Nothing more is read. */
  #isDone = false;

  constructor(context: AnalyzerContext, log: CertificateLog) {
    this.#context = context;
    this.#handshake = new Handshake(context, log, 'tcp');
    this.#decryption = context.secrets.size > 0 ? new Decryption(context.secrets) : undefined;
    this.#sides = [this.#newSide(true), this.#newSide(false)];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    const side = this.#sides[isOrig ? 0 : 1];
    if (this.#isDone || side.isLost) return;
    let rest = bytes;
    if (!side.hasBegun) {
      side.hasBegun = true;
      side.toSkip = oldHelloLength(bytes);
      if (side.toSkip > 0) this.#handshake.oldClientHello();
    }
    if (side.toSkip > 0) {
      const skipped = Math.min(side.toSkip, rest.length);
      side.toSkip -= skipped;
      rest = rest.subarray(skipped);
    }
    if (rest.length > 0 && !side.records.data(rest) && !this.#isDone) this.#noRecord();
  }

  gap(isOrig: boolean): void {
    if (this.#isDone || this.#sides[isOrig ? 0 : 1].isLost) return;
    if (!this.#hasContent) this.#stop();
    else this.#lose(isOrig, 'bytes of a TLS connection are missing; the rest of that side was not decrypted');
  }

  close(): void {
    this.#stop();
    this.#inner?.close?.();
  }

  #newSide(isOrig: boolean): Side {
    const message = (type: number, body: Uint8Array): void => {
      this.#handshake.message(isOrig, type, body);
      if (this.#decryption !== undefined) this.#decryption.message(this.#handshake.isClient(isOrig), type, body);
      // Asked in vain, so that secrets which come later in the capture are told.
      else if (type === clientHelloType) this.#context.secrets.find(hexText(body.subarray(2, 34)));
    };
    return {
      records: new RecordStream((type, payload, version) => this.#record(isOrig, type, payload, version)),
      handshake: new HandshakeStream(message),
      inside: new HandshakeStream((type, body) => this.#openedMessage(isOrig, type, body)),
      isEncrypted: false,
      hasBegun: false,
      isLost: false,
      toSkip: 0,
    };
  }

  #record(isOrig: boolean, type: number, payload: Uint8Array, version: number): void {
    const side = this.#sides[isOrig ? 0 : 1];
    if (this.#isDone || side.isLost) return;
    const { isTls13 } = this.#handshake;
    if (type === contentType.applicationData && isTls13) side.isEncrypted = true;
    // In TLS 1.3 a change of cipher is only there for middleboxes, and a handshake record is never encrypted.
    if (side.isEncrypted && isTls13 && type === contentType.changeCipherSpec) return;
    if (side.isEncrypted && !(isTls13 && type === contentType.handshake)) {
      this.#encrypted(isOrig, type, payload, version);
    } else if (type === contentType.applicationData) {
      // Before the server has answered only early data can be.
      if (this.#decryption?.isReady(true) === true) this.#open(isOrig, type, payload, version);
    } else this.#inClear(isOrig, side, type, payload);
  }

  #inClear(isOrig: boolean, side: Side, type: number, payload: Uint8Array): void {
    switch (type) {
      case contentType.changeCipherSpec:
        side.isEncrypted = true;
        this.#handshake.changeCipherSpec(isOrig);
        this.#decryption?.changeCipherSpec(this.#handshake.isClient(isOrig));
        break;
      case contentType.alert:
        if (payload.length === 2) this.#handshake.alert(isOrig, payload[1] ?? 0);
        break;
      case contentType.handshake:
        side.handshake.data(payload);
        break;
      case contentType.heartbeat:
        this.#handshake.heartbeat(isOrig);
        break;
      default:
        break;
    }
  }

  /** A record that only those with the secrets can read. */
  #encrypted(isOrig: boolean, type: number, payload: Uint8Array, version: number): void {
    const isOpened = this.#open(isOrig, type, payload, version);
    const areBoth = this.#sides[0].isEncrypted && this.#sides[1].isEncrypted;
    if (isOpened) {
      // Certificates of TLS 1.3 are awaited.
      if (areBoth && (this.#hasContent || !this.#handshake.isTls13)) this.#tellFinished(true);
    } else if (this.#decryption?.hasOpened !== true) {
      if (areBoth) this.#finishUnread();
    } else {
      this.#lose(isOrig, 'a TLS record cannot be decrypted by the secrets; the rest of that side was not read');
    }
  }

  /** False when the record stays closed. */
  #open(isOrig: boolean, type: number, payload: Uint8Array, version: number): boolean {
    const isClient = this.#handshake.isClient(isOrig);
    const opened = this.#decryption?.open(isClient, type, version, payload);
    if (opened === undefined) return false;
    this.#handshake.isDecrypted = true;
    const { type: innerType, content } = opened;
    if (innerType === contentType.handshake) this.#sides[isOrig ? 0 : 1].inside.data(content);
    else if (innerType === contentType.changeCipherSpec) this.#decryption?.changeCipherSpec(isClient);
    else if (innerType === contentType.alert && content[1] === closeNotify) this.#inner?.endOfStream?.(isOrig);
    else if (innerType === contentType.applicationData && content.length > 0) this.#content(isOrig, content);
    return true;
  }

  #openedMessage(isOrig: boolean, type: number, body: Uint8Array): void {
    const isClient = this.#handshake.isClient(isOrig);
    if (!this.#isToldFinished) this.#handshake.openedMessage(isClient, type, body);
    this.#decryption?.message(isClient, type, body);
  }

  #content(isOrig: boolean, bytes: Uint8Array): void {
    if (!this.#hasContent) {
      this.#hasContent = true;
      this.#inner = this.#context.decrypted();
    }
    this.#inner?.data(isOrig, bytes);
  }

  /** Damage behind a server hello does not make it another protocol. */
  #noRecord(): void {
    const hasServerHello = this.#handshake.hasServerHello;
    this.#stop();
    if (hasServerHello) this.#context.problem('bad-record', 'a TLS stream is damaged; the rest of it was not read');
    else this.#context.violation('no TLS record');
  }

  #lose(isOrig: boolean, message: string): void {
    this.#sides[isOrig ? 0 : 1].isLost = true;
    this.#context.problem('partly-seen', message);
    this.#inner?.gap?.(isOrig, 1);
  }

  /** All that can be seen was seen: what follows is encrypted. */
  #finishUnread(): void {
    this.#tellFinished(true);
    this.#isDone = true;
  }

  /** What follows cannot be followed. */
  #stop(): void {
    this.#tellFinished(false);
    this.#isDone = true;
  }

  #tellFinished(isEstablished: boolean): void {
    if (this.#isToldFinished) return;
    this.#isToldFinished = true;
    this.#handshake.finish(isEstablished);
  }
}

/** Alert by which a side says that it sends nothing more (RFC 8446, 6.1). */
const closeNotify = 0;
