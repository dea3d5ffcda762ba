import { defineAnalyzer, type AnalyzerContext, type ConnectionAnalyzer } from '../../analyzer.ts';
import { contentType, HandshakeStream, RecordStream } from '../../tls/record-stream.ts';
import { CertificateLog } from './certificates.ts';
import { DtlsConnection } from './datagrams.ts';
import { Handshake } from './handshake.ts';
import { oldHelloLength, recognizeTls } from './recognize.ts';

export const analyzer = defineAnalyzer({
  id: 'tls',
  title: 'TLS',
  description:
    'SSL 3 to TLS 1.3 over TCP, DTLS 1.0 and 1.2 over UDP, and the client hello of SSL 2: versions, cipher, group, SNI, ALPN, resumption, certificates, alerts and ' +
    "Zeek's ssl_history, with JA3, JA3S and the JA4 of the client. What is encrypted is not read; chains are not validated. Of JA4 only the part under the BSD licence.",
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
  isEncrypted: boolean;
  hasBegun: boolean;
  /** Bytes of an SSL 2 hello that are still to be passed over. */
  toSkip: number;
}

class TlsConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #handshake: Handshake;
  readonly #sides: readonly [Side, Side];
  #isDone = false;

  constructor(context: AnalyzerContext, log: CertificateLog) {
    this.#context = context;
    this.#handshake = new Handshake(context, log, 'tcp');
    this.#sides = [this.#newSide(true), this.#newSide(false)];
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (this.#isDone) return;
    const side = this.#sides[isOrig ? 0 : 1];
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

  gap(): void {
    this.#finish(false);
  }

  close(): void {
    this.#finish(false);
  }

  #newSide(isOrig: boolean): Side {
    return {
      records: new RecordStream((type, payload) => this.#record(isOrig, type, payload)),
      handshake: new HandshakeStream((type, body) => this.#handshake.message(isOrig, type, body)),
      isEncrypted: false,
      hasBegun: false,
      toSkip: 0,
    };
  }

  #record(isOrig: boolean, type: number, payload: Uint8Array): void {
    if (this.#isDone) return;
    const side = this.#sides[isOrig ? 0 : 1];
    const { isTls13 } = this.#handshake;
    if (type === contentType.applicationData && isTls13) side.isEncrypted = true;
    // In TLS 1.3 a change of cipher is only there for middleboxes, and a handshake record is never encrypted.
    if (side.isEncrypted && !(isTls13 && type === contentType.handshake)) {
      if (this.#sides[0].isEncrypted && this.#sides[1].isEncrypted) this.#finish(true);
      return;
    }
    switch (type) {
      case contentType.changeCipherSpec:
        side.isEncrypted = true;
        this.#handshake.changeCipherSpec(isOrig);
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

  /** Damage behind a server hello does not make it another protocol. */
  #noRecord(): void {
    const hasServerHello = this.#handshake.hasServerHello;
    this.#finish(false);
    if (hasServerHello) this.#context.problem('bad-record', 'a TLS stream is damaged; the rest of it was not read');
    else this.#context.violation('no TLS record');
  }

  /** All that can be seen was seen: what follows is encrypted, or cannot be followed. */
  #finish(isEstablished: boolean): void {
    if (this.#isDone) return;
    this.#isDone = true;
    this.#handshake.finish(isEstablished);
  }
}
