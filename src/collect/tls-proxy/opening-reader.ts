import type { Socket } from 'node:net';
import { ByteQueue } from '../byte-queue.ts';

/** What a client says at the beginning takes no more. */
export const maxOpeningBytes = 64 * 1024;

/**
 * Reads the beginning of a connection piece by piece, and gives back what was not used. While somebody waits the socket is read no further
 * than needed; between waits it is not read at all.
 */
export class OpeningReader {
  readonly #socket: Socket;
  readonly #queue = new ByteQueue();
  #hasEnded = false;
  #wake: (() => void) | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('readable', this.#onReadable);
    socket.on('end', this.#onEnd);
    socket.on('close', this.#onEnd);
  }

  /** All that has come and was not taken: a view that the next wait makes invalid. */
  get bytes(): Buffer {
    return this.#queue.bytes;
  }

  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  /**
   * Resolves when so many bytes are there. False when they will not come: the connection is over, it is more than an opening may have, or
   * `until` was settled before.
   */
  async has(count: number, until?: Promise<void>): Promise<boolean> {
    if (count > maxOpeningBytes) return false;
    let isLate = false;
    const stop = (): void => {
      isLate = true;
      this.#settle();
    };
    until?.then(stop, stop);
    while (this.#queue.length < count && !this.#hasEnded && !isLate) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
        this.#onReadable();
      });
    }
    return this.#queue.length >= count;
  }

  /** The first bytes, which must be there. */
  take(count: number): Buffer {
    const taken = Buffer.from(this.#queue.bytes.subarray(0, count));
    this.#queue.drop(count);
    return taken;
  }

  /**
   * Puts back what was not taken, and leaves the socket to somebody else. What cannot be put back, because the client has said all already, is
   * the result: nothing will come after it.
   */
  release(): Buffer | undefined {
    this.#socket.off('readable', this.#onReadable);
    this.#socket.off('end', this.#onEnd);
    this.#socket.off('close', this.#onEnd);
    const rest = this.take(this.#queue.length);
    if (this.#hasEnded) return rest;
    if (rest.length > 0) this.#socket.unshift(rest);
    return undefined;
  }

  readonly #onReadable = (): void => {
    if (this.#wake === undefined) return;
    const chunk = this.#socket.read() as Buffer | null;
    if (chunk === null) return;
    this.#queue.push(chunk);
    this.#settle();
  };

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    this.#settle();
  };

  #settle(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
