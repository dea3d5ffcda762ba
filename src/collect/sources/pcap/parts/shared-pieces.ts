/** A piece of the capture as it goes to all threads: the first `length` bytes of memory that they share. */
export interface SharedPiece {
  readonly memory: Uint8Array<SharedArrayBuffer>;
  readonly length: number;
}

/** Large enough that what every piece costs beside its bytes (messages, columns of events) weighs little. */
const pieceBytes = 4 << 20;

/**
 * Fills pieces with the bytes of a capture: each byte is copied once, however many threads read it. Nothing is handed over and back:
 * memory that was, makes every access to any other memory in the thread slower, and new memory keeps its collector busy.
 */
export class SharedPieces {
  readonly #pieceBytes: number;
  readonly #free: Uint8Array<SharedArrayBuffer>[] = [];
  #memory: Uint8Array<SharedArrayBuffer> | undefined;
  #filled = 0;

  constructor(bytes = pieceBytes) {
    this.#pieceBytes = bytes;
  }

  /** Takes bytes in, and gives each piece that is full. */
  *fill(chunk: Uint8Array): Generator<SharedPiece> {
    for (let at = 0; at < chunk.length;) {
      const memory = (this.#memory ??= this.#free.pop() ?? new Uint8Array(new SharedArrayBuffer(this.#pieceBytes)));
      const taken = Math.min(chunk.length - at, memory.length - this.#filled);
      memory.set(chunk.subarray(at, at + taken), this.#filled);
      at += taken;
      this.#filled += taken;
      if (this.#filled === memory.length) yield* this.rest();
    }
  }

  /** The piece that is not full. */
  *rest(): Generator<SharedPiece> {
    const memory = this.#memory;
    if (memory === undefined) return;
    const length = this.#filled;
    this.#memory = undefined;
    this.#filled = 0;
    yield { memory, length };
  }

  /** Takes the memory of a piece back that no thread reads any more. */
  release({ memory }: SharedPiece): void {
    this.#free.push(memory);
  }
}
