/** What undoes the coding of a body, and holds memory for it: 64 KB of output for gzip and deflate, the coded bytes of what is undone at once. */
export interface OpenDecoder {
  /** Frees what is held; no more of the body is decoded. */
  drop(): void;
}

/** Memory for coded bytes of bodies that are undone at once, for all of the capture together. */
export interface CodedRoom {
  bytes: number;
}

/** At once in a capture, so that those for gzip hold some 130 MB at most. A connection of HTTP/2 can have hundreds of streams, of some bytes each. */
const maxOpen = 2000;

/** The decoders of a capture whose body is not over; beyond the bound the one that began first is dropped. */
export class OpenDecoders {
  readonly room: CodedRoom = { bytes: 64 * 1024 * 1024 };
  readonly #open = new Set<OpenDecoder>();

  get size(): number {
    return this.#open.size;
  }

  add(decoder: OpenDecoder): void {
    const [oldest] = this.#open;
    if (oldest !== undefined && this.#open.size >= maxOpen) {
      this.#open.delete(oldest);
      oldest.drop();
    }
    this.#open.add(decoder);
  }

  delete(decoder: OpenDecoder): void {
    this.#open.delete(decoder);
  }
}
