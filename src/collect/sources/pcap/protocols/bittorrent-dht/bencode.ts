/** Values of bencode (BEP 3): byte strings as views, whole numbers, lists, dictionaries in a map. */
export type Bencoded = Uint8Array | number | readonly Bencoded[] | ReadonlyMap<string, Bencoded>;

const maxDepth = 8;
const maxEntries = 1000;

/** The value that fills the bytes from the start; undefined when they hold none. Bytes behind it are allowed. */
export function readBencoded(bytes: Uint8Array): Bencoded | undefined {
  return new Reader(bytes).value(0);
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #entries = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  value(depth: number): Bencoded | undefined {
    if (depth > maxDepth || ++this.#entries > maxEntries) return undefined;
    switch (this.#bytes[this.#at] ?? 0) {
      case 0x69:
        this.#at++;
        return this.#number(0x65);
      case 0x6c:
        return this.#list(depth);
      case 0x64:
        return this.#dictionary(depth);
      default:
        return this.#text();
    }
  }

  #list(depth: number): Bencoded | undefined {
    const list: Bencoded[] = [];
    this.#at++;
    while (!this.#isEnd()) {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
    }
    return list;
  }

  #dictionary(depth: number): Bencoded | undefined {
    const dictionary = new Map<string, Bencoded>();
    this.#at++;
    while (!this.#isEnd()) {
      const key = this.#text();
      const value = key === undefined ? undefined : this.value(depth + 1);
      if (key === undefined || value === undefined) return undefined;
      dictionary.set(Buffer.from(key).toString('latin1'), value);
    }
    return dictionary;
  }

  #isEnd(): boolean {
    if (this.#bytes[this.#at] !== 0x65) return false;
    this.#at++;
    return true;
  }

  #text(): Uint8Array | undefined {
    const length = this.#number(0x3a);
    if (length === undefined || length < 0 || this.#at + length > this.#bytes.length) return undefined;
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** Digits up to an end byte. */
  #number(end: number): number | undefined {
    const found = this.#bytes.subarray(this.#at, this.#at + 20).indexOf(end);
    if (found < 1) return undefined;
    const digits = Buffer.from(this.#bytes.subarray(this.#at, this.#at + found)).toString('latin1');
    this.#at += found + 1;
    return /^-?\d{1,15}$/.test(digits) ? Number(digits) : undefined;
  }
}
