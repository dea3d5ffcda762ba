import duckdb from '@duckdb/node-bindings';

/** Bytes of an entry, in 32-bit words: its length, and then the text itself or its beginning and a pointer. */
const entryBytes = 16;
const entryWords = 4;
/** Texts up to so many bytes stand in their entry. */
const inlineBytes = 12;
/** Texts that are longer than this together go over one by one. */
const maxTogether = 8 * 1024 * 1024;
const noText = -1;

/**
 * Texts on their way into a DuckDB vector: `add` or `addNull` for each place in order, then `write`. The vector's entries
 * are the `duckdb_string_t` of `duckdb.h`. All texts go over in one piece, and the entries point into it: one call for
 * each text takes several times as long.
 */
export class TextVector {
  /** Texts that are not the same as the one before them. */
  readonly #texts: string[] = [];
  #length = 0;
  /** For each place the index of its text. */
  #indexes = new Int32Array(2048);
  #words = new Uint32Array(2048 * entryWords);
  #bytes = Buffer.allocUnsafe(1 << 16);
  #ends = new Int32Array(2048);
  #count = 0;

  clear(): void {
    this.#texts.length = 0;
    this.#length = 0;
    this.#count = 0;
  }

  add(text: string): void {
    const texts = this.#texts;
    if (texts.length === 0 || texts[texts.length - 1] !== text) {
      texts.push(text);
      this.#length += text.length;
    }
    this.#put(texts.length - 1);
  }

  addNull(): void {
    this.#put(noText);
  }

  #put(index: number): void {
    if (this.#count === this.#indexes.length) {
      const larger = new Int32Array(this.#count * 2);
      larger.set(this.#indexes);
      this.#indexes = larger;
    }
    this.#indexes[this.#count++] = index;
  }

  write(vector: duckdb.Vector): void {
    if (this.#texts.length === 0) return;
    if (this.#length > maxTogether) this.#writeEach(vector);
    else this.#writeTogether(vector);
  }

  #writeEach(vector: duckdb.Vector): void {
    for (let place = 0; place < this.#count; place++) {
      const text = this.#texts[this.#indexes[place] as number];
      if (text !== undefined) duckdb.vector_assign_string_element(vector, place, text);
    }
  }

  #writeTogether(vector: duckdb.Vector): void {
    const total = this.#encode();
    const [low, high] = total > inlineBytes ? addressOf(vector, this.#bytes.subarray(0, total)) : [0, 0];
    if (this.#words.length < this.#count * entryWords) this.#words = new Uint32Array(this.#indexes.length * entryWords);
    const words = this.#words;
    let before = noText;
    for (let place = 0; place < this.#count; place++) {
      const index = this.#indexes[place] as number;
      const at = place * entryWords;
      // The place before has the same text, or there is none: what stands there then does not matter.
      if (index === before && place > 0) words.copyWithin(at, at - entryWords, at);
      else if (index !== noText) this.#entry(at, index, low, high);
      before = index;
    }
    duckdb.copy_data_to_vector(vector, 0, words.buffer as ArrayBuffer, 0, this.#count * entryBytes);
  }

  /** All texts as UTF-8 one behind another; returns how many bytes they take. */
  #encode(): number {
    const texts = this.#texts;
    if (this.#bytes.length < this.#length * 3) this.#bytes = Buffer.allocUnsafe(this.#length * 3);
    if (this.#ends.length < texts.length) this.#ends = new Int32Array(this.#indexes.length);
    const bytes = this.#bytes;
    const ends = this.#ends;
    const total = bytes.write(texts.join(''));
    let end = 0;
    if (total === this.#length) {
      for (let index = 0; index < texts.length; index++) ends[index] = end += (texts[index] as string).length;
      return total;
    }
    for (let index = 0; index < texts.length; index++) ends[index] = end += bytes.write(texts[index] as string, end);
    return end;
  }

  #entry(at: number, index: number, low: number, high: number): void {
    const words = this.#words;
    const bytes = this.#bytes;
    const start = index === 0 ? 0 : (this.#ends[index - 1] as number);
    const length = (this.#ends[index] as number) - start;
    words[at] = length;
    words[at + 1] = wordAt(bytes, start, length);
    if (length <= inlineBytes) {
      words[at + 2] = wordAt(bytes, start + 4, length - 4);
      words[at + 3] = wordAt(bytes, start + 8, length - 8);
    } else {
      words[at + 2] = low + start;
      words[at + 3] = low + start > 0xffff_ffff ? high + 1 : high;
    }
  }
}

/** Up to four bytes as a word, zeros behind them. */
function wordAt(bytes: Buffer, at: number, count: number): number {
  if (count >= 4) {
    return (
      (bytes[at] as number) |
      ((bytes[at + 1] as number) << 8) |
      ((bytes[at + 2] as number) << 16) |
      ((bytes[at + 3] as number) << 24)
    );
  }
  let word = 0;
  for (let index = count - 1; index >= 0; index--) word = (word << 8) | (bytes[at + index] as number);
  return word;
}

/** Puts the bytes into the vector's own memory, where they stay as long as it does; returns where, as two words. */
function addressOf(vector: duckdb.Vector, bytes: Buffer): [number, number] {
  duckdb.vector_assign_string_element_len(vector, 0, bytes);
  const entry = duckdb.vector_get_data(vector, entryBytes);
  const view = new DataView(entry.buffer, entry.byteOffset, entryBytes);
  return [view.getUint32(8, true), view.getUint32(12, true)];
}
