import type { EventOf } from '../../../../../events/event.ts';
import type { AnalyzerContext } from '../../analyzer.ts';
import { hexText } from '../../wire/text.ts';
import { CryptoStream } from './crypto-stream.ts';
import { initialKeys, openInitial, protectionOf, quicVersionName } from './keys.ts';
import type { QuicHellos } from './hellos.ts';
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

/** One QUIC connection set-up as one `quic` event (zeek/zeek scripts/base/protocols/quic). */
export class QuicSession {
  readonly #context: AnalyzerContext;
  readonly #hellos: QuicHellos;
  readonly #event: EventOf<'quic'>;
  readonly #sides = { client: newSide(), server: newSide() };
  #history = '';
  #keys: ReturnType<typeof initialKeys> | undefined;
  #clientId = '';

  constructor(context: AnalyzerContext, hellos: QuicHellos, version: number) {
    this.#context = context;
    this.#hellos = hellos;
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
  }

  #hello(isOrig: boolean, side: Side): void {
    const bytes = side.crypto.contiguous;
    const length = ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    if (bytes.length < 4 || bytes.length < 4 + length) return;
    side.hasHello = true;
    const body = bytes.subarray(4, 4 + length);
    const isRead = isOrig
      ? bytes[0] === 1 && this.#hellos.client(body, this.#event)
      : bytes[0] === 2 && this.#hellos.server(body, this.#event);
    if (isRead) this.note(isOrig, 's');
  }
}
