import { BerStream } from '../../wire/ber-stream.ts';
import { FramedStream } from '../../wire/framed-stream.ts';
import { asBuffer } from '../../wire/text.ts';

const sequenceTag = 0x30;
const maxFrameBytes = 65_536;

/**
 * One side of a connection behind a SASL log-in (RFC 4422, 3.7): messages as before, or tokens behind their length. Those of Kerberos that are signed and
 * not sealed, as Active Directory asks for, hold messages that can be read; others are passed over.
 */
export class SecurityLayer {
  readonly #onMessage: (bytes: Uint8Array) => void;
  readonly #frames: FramedStream;
  #messages: BerStream;
  #form: 'plain' | 'framed' | undefined;

  constructor(onMessage: (bytes: Uint8Array) => void) {
    this.#onMessage = onMessage;
    this.#messages = new BerStream(sequenceTag, onMessage);
    this.#frames = new FramedStream(4, maxFrameBytes, (frame) => this.#frame(asBuffer(frame)));
  }

  /** False when messages as before are none. A token would have to be longer than 768 MB to begin as a message does. */
  data(bytes: Uint8Array): boolean {
    this.#form ??= bytes[0] === sequenceTag ? 'plain' : 'framed';
    if (this.#form === 'plain') return this.#messages.data(bytes);
    this.#frames.data(bytes);
    return true;
  }

  #frame(token: Buffer): void {
    const payload = signedPayload(token);
    if (payload !== undefined && !this.#messages.data(payload)) {
      this.#messages = new BerStream(sequenceTag, this.#onMessage);
    }
  }
}

/** What a wrap token of Kerberos holds (RFC 4121, 4.2.6.2); undefined for a sealed one, and for what is none. */
function signedPayload(token: Buffer): Buffer | undefined {
  if (token.length < tokenHeaderBytes || token.readUInt16BE(0) !== wrapToken) return undefined;
  if (((token[2] ?? 0) & flagSealed) !== 0) return undefined;
  const checksumBytes = token.readUInt16BE(4);
  const body = token.subarray(tokenHeaderBytes);
  if (checksumBytes > body.length) return undefined;
  // Payload and checksum are turned to the right by so many bytes.
  const turn = body.length === 0 ? 0 : token.readUInt16BE(6) % body.length;
  return Buffer.concat([body.subarray(turn), body.subarray(0, turn)]).subarray(0, body.length - checksumBytes);
}

const wrapToken = 0x0504;
const tokenHeaderBytes = 16;
const flagSealed = 2;
