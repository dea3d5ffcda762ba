/** What undoes the coding of a body, and holds memory for it: 64 KB of output for gzip and deflate, as much of a body that is undone at once. */
export interface OpenDecoder {
  /** Frees what is held; no more of the body is decoded. */
  drop(): void;
}

/** At once in a capture, so that they hold some 130 MB at most. A connection of HTTP/2 can have hundreds of streams, of some bytes each. */
const maxOpen = 2000;

/** The decoders of a capture whose body is not over; beyond the bound the one that began first is dropped. */
export class OpenDecoders {
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
