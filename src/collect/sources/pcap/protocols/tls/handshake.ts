import type { EventOf } from '../../../../../events/event.ts';
import type { AnalyzerContext } from '../../analyzer.ts';
import { protocolsIn, readClientHello } from '../../tls/client-hello.ts';
import { dataOf, extensionType, readExtensions } from '../../tls/extensions.ts';
import { groupName, alertName } from '../../tls/names.ts';
import { Resumption } from '../../tls/resumption.ts';
import { readServerHello } from '../../tls/server-hello.ts';
import { fillClientHello, fillServerHello, isTls13 } from '../../tls/summary.ts';
import type { HelloTransport } from '../../tls/fingerprints.ts';
import { Cursor } from '../../wire/cursor.ts';
import { wireText } from '../../wire/text.ts';
import { coversHost, type Certificate } from '../../x509/certificate.ts';
import { certificatesIn, certificatesWithExtensions, type CertificateLog } from './certificates.ts';

/** Letters of Zeek's ssl_history for the types of handshake messages. */
const historyLetters: Readonly<Record<number, string>> = {
  0: 'h',
  1: 'c',
  2: 's',
  3: 'v',
  4: 't',
  5: 'e',
  6: 'j',
  8: 'o',
  11: 'x',
  12: 'k',
  13: 'r',
  14: 'n',
  15: 'y',
  16: 'g',
  20: 'f',
  21: 'w',
  22: 'u',
  23: 'a',
  24: 'p',
  254: 'm',
};

/** Zeek's `max_ssl_history_length`. */
const maxHistory = 100;

/** What one TLS connection shows before it is encrypted, as one `tls` event (zeek/zeek scripts/base/protocols/ssl). */
export class Handshake {
  readonly #context: AnalyzerContext;
  readonly #log: CertificateLog;
  readonly #transport: HelloTransport;
  readonly #resumption = new Resumption();
  readonly #chains: { server: string[]; client: string[] } = { server: [], client: [] };
  #event: EventOf<'tls'> | undefined;
  #leaf: Certificate | undefined;
  #history = '';
  #isFlipped = false;
  #hasCertificates = false;
  hasServerHello = false;
  /** TLS 1.3 was agreed on: application data are encrypted without a change of cipher. */
  isTls13 = false;
  /** Encrypted records were opened. */
  isDecrypted = false;

  constructor(context: AnalyzerContext, log: CertificateLog, transport: HelloTransport) {
    this.#context = context;
    this.#log = log;
    this.#transport = transport;
  }

  /** Whether this side of the connection is the client: seldom not the one that opened it. */
  isClient(isOrig: boolean): boolean {
    return isOrig !== this.#isFlipped;
  }

  message(isOrig: boolean, type: number, body: Uint8Array): void {
    if (type === 1) this.#clientHello(isOrig, body);
    const isClient = this.isClient(isOrig);
    let letter = historyLetters[type] ?? 'z';
    if (type === 2 && this.#serverHello(body)) letter = 'j';
    if (type === 11) this.#certificates(isClient, certificatesIn(body));
    if (type === 12) this.#serverKeyExchange(body);
    if (type === 16 && isClient) this.#resumption.clientKeyExchange();
    this.#add(isClient, letter);
  }

  /** A handshake message that was decrypted. The history tells only what was seen in clear, as it does without the secrets. */
  openedMessage(isClient: boolean, type: number, body: Uint8Array): void {
    if (!this.isTls13) return;
    if (type === 8 && !isClient) this.#encryptedExtensions(body);
    if (type === 11) this.#certificates(isClient, certificatesWithExtensions(body));
  }

  /** The hello of SSL 2 has no handshake message around it. */
  oldClientHello(): void {
    this.#begin();
    this.#add(true, 'c');
  }

  changeCipherSpec(isOrig: boolean): void {
    const isClient = this.isClient(isOrig);
    this.#add(isClient, 'i');
    if (isClient) this.#resumption.clientChangeCipherSpec();
  }

  alert(isOrig: boolean, description: number): void {
    this.#begin().tls_last_alert = alertName(description);
    this.#add(this.isClient(isOrig), 'l');
  }

  heartbeat(isOrig: boolean): void {
    this.#add(this.isClient(isOrig), 'b');
  }

  /** Emits the event, if anything was seen. */
  finish(isEstablished: boolean): void {
    const event = this.#event;
    if (event === undefined) return;
    this.#event = undefined;
    event.tls_established = isEstablished;
    event.tls_resumed = this.#resumption.isResumed;
    event.tls_history = this.#history;
    event.tls_decrypted = this.isDecrypted;
    if (this.#hasCertificates) {
      event.tls_server_certificate_chain = this.#chains.server;
      event.tls_client_certificate_chain = this.#chains.client;
    }
    if (event.tls_client_server_name !== null && this.#leaf !== undefined) {
      event.tls_sni_matches_cert = coversHost(this.#leaf, event.tls_client_server_name);
    }
    this.#context.emit(event);
  }

  #begin(): EventOf<'tls'> {
    this.#event ??= this.#context.newEvent('tls');
    return this.#event;
  }

  #add(isClient: boolean, letter: string): void {
    this.#begin();
    if (this.#history.length < maxHistory) this.#history += isClient ? letter.toUpperCase() : letter;
  }

  #clientHello(isOrig: boolean, body: Uint8Array): void {
    const hello = readClientHello(body, this.#transport === 'dtls');
    if (hello === undefined) return;
    const event = this.#begin();
    if (!isOrig && this.#history === '') {
      this.#isFlipped = true;
      this.#history = '^';
    }
    fillClientHello(event, hello, this.#transport);
    this.#resumption.clientHello(hello);
  }

  #encryptedExtensions(body: Uint8Array): void {
    const extensions = readExtensions(new Cursor(body).vector(2));
    const [protocol] = protocolsIn(dataOf(extensions, extensionType.alpn));
    if (protocol !== undefined) this.#begin().tls_next_protocol = wireText(protocol);
  }

  /** True when it asks for another client hello. */
  #serverHello(body: Uint8Array): boolean {
    const hello = readServerHello(body);
    if (hello === undefined) return false;
    this.#context.confirm(this.#transport === 'dtls' ? 'dtls' : 'ssl');
    fillServerHello(this.#begin(), hello);
    this.#resumption.serverHello(hello);
    this.hasServerHello = true;
    this.isTls13 = isTls13(hello.selectedVersion);
    return hello.isRetry;
  }

  /** The named curve of an elliptic-curve exchange (RFC 8422, 5.4); other exchanges begin with other bytes, and have no curve. */
  #serverKeyExchange(body: Uint8Array): void {
    const event = this.#begin();
    const isElliptic = this.hasServerHello && /_ECDHE?_|_ECCPWD_/.test(event.tls_cipher ?? '');
    const cursor = new Cursor(body);
    if (isElliptic && cursor.u8() === namedCurve) event.tls_curve = groupName(cursor.u16());
  }

  #certificates(isClient: boolean, found: readonly Uint8Array[] | undefined): void {
    if (found === undefined) {
      this.#context.problem(
        'bad-record',
        'a certificate message is damaged or too long; its certificates were not read',
      );
      return;
    }
    const chain = isClient ? this.#chains.client : this.#chains.server;
    for (const bytes of found) {
      const isLeaf = chain.length === 0;
      const { fingerprint, sha1, certificate } = this.#log.add(bytes, isLeaf && !isClient, isLeaf && isClient);
      this.#hasCertificates = true;
      chain.push(fingerprint);
      if (certificate === undefined || !isLeaf || isClient) continue;
      this.#leaf = certificate;
      this.#describeLeaf(certificate, sha1);
    }
  }

  #describeLeaf(certificate: Certificate, sha1: string): void {
    const event = this.#begin();
    event.tls_server_subject = certificate.subject;
    event.tls_server_issuer = certificate.issuer;
    event.tls_server_serial = certificate.serial;
    event.tls_server_not_before = certificate.notBefore ?? null;
    event.tls_server_not_after = certificate.notAfter ?? null;
    event.tls_server_hash_sha1 = sha1;
  }
}

/** ECCurveType of RFC 8422. */
const namedCurve = 3;
