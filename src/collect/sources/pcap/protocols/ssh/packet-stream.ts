import { maxHeldBytes } from '../../analyzer.ts';
import { asciiText, wireText } from '../../wire/text.ts';

export interface PacketHandler {
  /** The identification line. */
  identification(line: string): void;
  /** A message before encryption: its number and what follows. True when what follows it is encrypted. */
  message(number: number, payload: Uint8Array): boolean;
  /** So many bytes of an encrypted stream came at once. */
  encrypted(length: number): void;
  /** The bytes are not SSH. */
  broken(reason: string): void;
}

/** Longest identification line (RFC 4253, 4.2 allows 255). */
const maxLineBytes = 512;
/** RFC 4253, 6.1 asks for 35,000; more than this is no key exchange. */
const maxPacketBytes = maxHeldBytes;

/** Cuts one side of an SSH 2 connection into its identification, the packets of the key exchange, and what is encrypted. */
export class PacketStream {
  readonly #handler: PacketHandler;
  #state: 'line' | 'packets' | 'encrypted' | 'broken' = 'line';
  #held: Buffer = Buffer.alloc(0);

  constructor(handler: PacketHandler) {
    this.#handler = handler;
  }

  data(bytes: Uint8Array): void {
    if (this.#state === 'encrypted') {
      this.#handler.encrypted(bytes.length);
      return;
    }
    if (this.#state === 'broken') return;
    this.#held = Buffer.concat([this.#held, bytes]);
    if (this.#isLine()) this.#line();
    while (this.#isPackets() && this.#packet());
    if (this.#isEncrypted() && this.#held.length > 0) {
      this.#handler.encrypted(this.#held.length);
      this.#held = Buffer.alloc(0);
    }
  }

  #isLine(): boolean {
    return this.#state === 'line';
  }

  #isPackets(): boolean {
    return this.#state === 'packets';
  }

  #isEncrypted(): boolean {
    return this.#state === 'encrypted';
  }

  #line(): void {
    const end = this.#held.indexOf(10);
    const isTooLong = end < 0 ? this.#held.length > maxLineBytes : end > maxLineBytes;
    const start = asciiText(this.#held, 0, 4);
    if (isTooLong || !'SSH-'.startsWith(start)) this.#break('no SSH identification');
    else if (end >= 0) {
      const line = wireText(this.#held.subarray(0, end)).replace(/\r$/, '');
      this.#held = this.#held.subarray(end + 1);
      this.#state = 'packets';
      this.#handler.identification(line);
    }
  }

  /** True when a packet was there. */
  #packet(): boolean {
    if (this.#held.length < 6) return false;
    const length = this.#held.readUInt32BE(0);
    const padding = this.#held[4] ?? 0;
    if (length > maxPacketBytes || length < padding + 2) {
      this.#break('no SSH packet');
      return false;
    }
    if (this.#held.length < 4 + length) return false;
    const payload = this.#held.subarray(6, 4 + length - padding);
    const number = this.#held[5] ?? 0;
    this.#held = this.#held.subarray(4 + length);
    if (this.#handler.message(number, payload)) this.#state = 'encrypted';
    return true;
  }

  #break(reason: string): void {
    this.#state = 'broken';
    this.#held = Buffer.alloc(0);
    this.#handler.broken(reason);
  }
}
