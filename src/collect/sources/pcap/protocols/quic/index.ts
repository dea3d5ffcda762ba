import {
  defineAnalyzer,
  type AnalyzerContext,
  type ConnectionAnalyzer,
  type FirstBytes,
  type Recognition,
} from '../../analyzer.ts';
import { QuicHellos } from './hellos.ts';
import { protectionOf } from './keys.ts';
import { readLongPacket, type LongPacket } from './packet.ts';
import { QuicSession } from './session.ts';

export const analyzer = defineAnalyzer({
  id: 'quic',
  title: 'QUIC',
  description:
    'The set-up of QUIC version 1, version 2 and the drafts from 23 on: the Initial packets of both sides are opened with the keys that everybody can ' +
    'derive, for SNI, ALPN, JA3, JA4, cipher and group. What follows is encrypted, and only told by the history.',
  references: ['RFC 9000', 'RFC 9001', 'RFC 9369'],
  emits: ['quic', 'tls'],
  service: 'quic',
  transports: ['udp'],
  ports: [443, 784, 853],
  recognize: recognizeQuic,
  start: () => ({ attach: (context) => new QuicConnection(context) }),
});

const letters = { initial: 'i', handshake: 'h', 'zero-rtt': 'z', retry: 'r', negotiation: '' } as const;

class QuicConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #hellos: QuicHellos;
  #session: QuicSession | undefined;
  #isConfirmed = false;

  constructor(context: AnalyzerContext) {
    this.#context = context;
    this.#hellos = new QuicHellos(context);
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const rest = bytes.subarray(at);
      if (((rest[0] ?? 0) & 0x80) === 0) {
        this.#shortPacket(isOrig, rest[0] ?? 0);
        return;
      }
      const packet = readLongPacket(rest);
      if (packet === undefined) {
        // Zeros behind the last packet are padding of the datagram.
        if (rest[0] !== 0 && !this.#isConfirmed) this.#context.violation('no QUIC packet');
        return;
      }
      this.#longPacket(isOrig, packet, rest.subarray(0, packet.length));
      at += packet.length;
    }
  }

  close(): void {
    this.#endSession();
    this.#hellos.emit();
  }

  #endSession(): void {
    this.#session?.emit();
    this.#session = undefined;
  }

  #shortPacket(isOrig: boolean, first: number): void {
    if ((first & 0x40) !== 0) this.#session?.shortPacket(isOrig);
  }

  #longPacket(isOrig: boolean, packet: LongPacket, bytes: Uint8Array): void {
    if (packet.type === 'negotiation') return;
    this.#session ??= new QuicSession(this.#context, this.#hellos, packet.version);
    if (protectionOf(packet.version) === undefined) {
      this.#session.ids(isOrig, packet);
      this.#session.note(isOrig, 'u');
      this.#endSession();
      return;
    }
    this.#session.ids(isOrig, packet);
    this.#session.note(isOrig, letters[packet.type]);
    if (packet.type === 'retry') this.#endSession();
    else if (packet.type === 'initial') this.#initial(isOrig, packet, bytes);
  }

  #initial(isOrig: boolean, packet: LongPacket, bytes: Uint8Array): void {
    const outcome = this.#session?.initial(isOrig, packet, bytes);
    if (outcome === 'unreadable') {
      if (this.#isConfirmed) return;
      this.#session = undefined;
      this.#context.violation('an Initial packet cannot be opened');
      return;
    }
    this.#isConfirmed = true;
    this.#context.confirm();
    if (outcome !== 'closed') return;
    this.#session?.note(isOrig, 'c');
    this.#endSession();
  }
}

/** An Initial packet of a version that can be read, in a datagram as long as a client's first one must be (RFC 9000, 14.1). */
function recognizeQuic({ orig }: FirstBytes): Recognition {
  const first = orig[0] ?? 0;
  if ((first & 0xc0) !== 0xc0 || orig.length < 7) return 'no';
  const version = ((orig[1] ?? 0) << 24) | ((orig[2] ?? 0) << 16) | ((orig[3] ?? 0) << 8) | (orig[4] ?? 0);
  if (protectionOf(version >>> 0) === undefined) return 'no';
  const idBytes = orig[5] ?? 0;
  return idBytes >= 8 && idBytes <= 20 && orig.length >= minRecognized ? 'match' : 'no';
}

/** Of the 1200 bytes of a first datagram, recognition sees the beginning. */
const minRecognized = 1000;
