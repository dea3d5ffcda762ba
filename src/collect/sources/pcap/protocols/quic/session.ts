import type { EventOf } from '../../../../../events/event.ts';
import type { AnalyzerContext } from '../../analyzer.ts';
import { readClientHello } from '../../tls/client-hello.ts';
import { Resumption } from '../../tls/resumption.ts';
import { readServerHello } from '../../tls/server-hello.ts';
import { fillClientHello, fillServerHello } from '../../tls/summary.ts';
import { hexText, wireText } from '../../wire/text.ts';
import { CryptoStream } from './crypto-stream.ts';
import { initialKeys, openInitial, protectionOf, quicVersionName } from './keys.ts';
import type { LongPacket } from './packet.ts';

/** Letters of one history (Zeek's `max_history_length`). */
const maxHistory = 100;
/** Initial packets of one side that are opened: a hello has a few. */
const maxOpened = 32;

interface Side {
  readonly crypto: CryptoStream;
  opened: number;
  hasHello: boolean;
  shortPackets: number;
}

const newSide = (): Side => ({ crypto: new CryptoStream(), opened: 0, hasHello: false, shortPackets: 0 });

/** One QUIC connection set-up: its `quic` event, and the `tls` event of the handshake inside (zeek/zeek scripts/base/protocols/quic). */
export class QuicSession {
  readonly #context: AnalyzerContext;
  readonly #event: EventOf<'quic'>;
  readonly #sides = { client: newSide(), server: newSide() };
  readonly #resumption = new Resumption();
  #tls: EventOf<'tls'> | undefined;
  #tlsHistory = '';
  #history = '';
  #keys: ReturnType<typeof initialKeys> | undefined;
  #clientId = '';

  constructor(context: AnalyzerContext, version: number) {
    this.#context = context;
    this.#event = context.newEvent('quic');
    this.#event.quic_version = quicVersionName(version);
  }

  /** Letters in capitals are the client's. */
  note(isOrig: boolean, letter: string): void {
    if (this.#history.length < maxHistory) this.#history += isOrig ? letter.toUpperCase() : letter;
  }

  ids(isOrig: boolean, { destinationId, sourceId }: LongPacket): void {
    if (isOrig) {
      if (destinationId.length > 0) this.#event.quic_client_connection_id ??= hexText(destinationId);
      this.#clientId = hexText(sourceId);
    } else this.#event.quic_server_connection_id = hexText(sourceId);
  }

  /** Short packets are told by their count: at the first, second, fourth, eighth … one. */
  shortPacket(isOrig: boolean): void {
    const side = isOrig ? this.#sides.client : this.#sides.server;
    side.shortPackets++;
    if ((side.shortPackets & (side.shortPackets - 1)) === 0) this.note(isOrig, 'o');
  }

  /** Opens an Initial packet and reads what it holds of the handshake. False when it cannot be opened. */
  initial(isOrig: boolean, packet: LongPacket, bytes: Uint8Array): 'read' | 'closed' | 'unreadable' {
    const protection = protectionOf(packet.version);
    if (protection === undefined) return 'unreadable';
    if (this.#keys === undefined) {
      if (!isOrig) return 'unreadable';
      this.#keys = initialKeys(protection, packet.destinationId);
    }
    const side = isOrig ? this.#sides.client : this.#sides.server;
    if (++side.opened > maxOpened) return 'read';
    const content = openInitial(bytes, packet.numberAt, isOrig ? this.#keys.client : this.#keys.server);
    if (content === undefined) return 'unreadable';
    const isClosed = side.crypto.addFrames(content);
    if (!side.hasHello) this.#hello(isOrig, side);
    return isClosed ? 'closed' : 'read';
  }

  emit(): void {
    this.#event.history = this.#history;
    this.#event.fields = JSON.stringify({ client_scid: this.#clientId });
    this.#context.emit(this.#event);
    const tls = this.#tls;
    if (tls === undefined) return;
    tls.tls_established = false;
    tls.tls_resumed = this.#resumption.isResumed;
    tls.tls_history = this.#tlsHistory;
    this.#context.emit(tls);
  }

  #hello(isOrig: boolean, side: Side): void {
    const bytes = side.crypto.contiguous;
    const length = ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    if (bytes.length < 4 || bytes.length < 4 + length) return;
    side.hasHello = true;
    const body = bytes.subarray(4, 4 + length);
    if (isOrig && bytes[0] === 1) this.#clientHello(body);
    else if (!isOrig && bytes[0] === 2) this.#serverHello(body);
  }

  #clientHello(body: Uint8Array): void {
    const hello = readClientHello(body);
    if (hello === undefined) return;
    this.#tls ??= this.#context.newEvent('tls');
    fillClientHello(this.#tls, hello, 'quic');
    this.#resumption.clientHello(hello);
    this.#event.tls_client_server_name = this.#tls.tls_client_server_name;
    this.#event.tls_client_ja3 = this.#tls.tls_client_ja3;
    this.#event.tls_client_ja4 = this.#tls.tls_client_ja4;
    const [protocol] = hello.protocols;
    if (protocol !== undefined) this.#event.tls_next_protocol = wireText(protocol);
    this.note(true, 's');
    this.#tlsHistory += 'C';
  }

  #serverHello(body: Uint8Array): void {
    const hello = readServerHello(body);
    if (hello === undefined) return;
    this.#context.confirm('ssl');
    this.#tls ??= this.#context.newEvent('tls');
    fillServerHello(this.#tls, hello);
    this.#resumption.serverHello(hello);
    this.#event.tls_server_ja3s = this.#tls.tls_server_ja3s;
    this.note(false, 's');
    this.#tlsHistory += hello.isRetry ? 'j' : 's';
  }
}
