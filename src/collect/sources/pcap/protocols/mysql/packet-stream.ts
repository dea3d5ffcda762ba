/** Of longer packets only the beginning is handed over: rows of results are not looked at. */
const maxKeptBytes = 8192;
const headerBytes = 4;

/** Cuts one side of a MySQL connection into packets: three bytes of length, lowest first, and a number. */
export class PacketStream {
  readonly #onPacket: (bytes: Uint8Array, number: number) => void;
  #held = Buffer.alloc(0);
  #toSkip = 0;

  constructor(onPacket: (bytes: Uint8Array, number: number) => void) {
    this.#onPacket = onPacket;
  }

  data(bytes: Uint8Array): void {
    const skipped = Math.min(this.#toSkip, bytes.length);
    this.#toSkip -= skipped;
    let rest = Buffer.concat([this.#held, bytes.subarray(skipped)]);
    while (rest.length >= headerBytes) {
      const length = rest.readUIntLE(0, 3);
      const wanted = headerBytes + Math.min(length, maxKeptBytes);
      if (rest.length < wanted) break;
      this.#onPacket(rest.subarray(headerBytes, wanted), rest[3] ?? 0);
      const end = headerBytes + length;
      this.#toSkip = Math.max(0, end - rest.length);
      rest = rest.subarray(Math.min(end, rest.length));
    }
    this.#held = Buffer.from(rest);
  }
}
