/** Longest message that is held. */
const maxMessageBytes = 65_536;

/**
 * Cuts a stream into elements of BER with definite lengths (X.690), as LDAP sends them. `data` is false when the bytes are no such elements, or one is
 * longer than 64 KB; nothing can be told apart afterwards.
 */
export class BerStream {
  readonly #tag: number;
  readonly #onMessage: (bytes: Uint8Array) => void;
  #held: Uint8Array = new Uint8Array(0);

  /** `tag` is what every element begins with. */
  constructor(tag: number, onMessage: (bytes: Uint8Array) => void) {
    this.#tag = tag;
    this.#onMessage = onMessage;
  }

  data(bytes: Uint8Array): boolean {
    const all = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    let at = 0;
    while (at < all.length) {
      const length = elementLength(all, at);
      if (all[at] !== this.#tag || length < 0 || length > maxMessageBytes) return false;
      if (length === 0 || at + length > all.length) break;
      this.#onMessage(all.subarray(at, at + length));
      at += length;
    }
    this.#held = Uint8Array.from(all.subarray(at));
    return true;
  }
}

/** Length of the element at `at`, header included; 0 when more bytes are needed to tell, -1 when it has no definite length. */
function elementLength(bytes: Uint8Array, at: number): number {
  if (bytes.length - at < 2) return 0;
  const first = bytes[at + 1] ?? 0;
  if (first < 0x80) return 2 + first;
  const count = first & 0x7f;
  if (count === 0 || count > 4) return -1;
  if (bytes.length - at < 2 + count) return 0;
  let length = 0;
  for (let index = 0; index < count; index++) length = length * 256 + (bytes[at + 2 + index] ?? 0);
  return 2 + count + length;
}
