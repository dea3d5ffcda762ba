import duckdb from '@duckdb/node-bindings';

/** Which places of a vector have a value. None has until `set`. */
export class NullBits {
  #bits = new Uint8Array(0);
  #count = 0;
  /** Place after the last one that has a value. */
  end = 0;

  /** Places are set in rising order; the last one may be set again. */
  set(place: number): void {
    if (place < this.end) return;
    if (place >> 3 >= this.#bits.length) this.#grow(place);
    const byte = place >> 3;
    this.#bits[byte] = (this.#bits[byte] as number) | (1 << (place & 7));
    this.#count++;
    this.end = place + 1;
  }

  /** Tells the vector which of its first `count` places are null, and forgets all. */
  flush(vector: duckdb.Vector, count: number): void {
    const bytes = Math.ceil(count / 64) * 8;
    if (this.#count < count) {
      if (this.#bits.length < bytes) this.#grow(bytes * 8);
      duckdb.vector_ensure_validity_writable(vector);
      duckdb.copy_data_to_vector_validity(vector, 0, this.#bits.buffer as ArrayBuffer, 0, bytes);
    }
    this.#bits.fill(0, 0, bytes);
    this.#count = 0;
    this.end = 0;
  }

  #grow(place: number): void {
    const larger = new Uint8Array(Math.max(duckdb.vector_size() / 8, (place >> 3) * 2));
    larger.set(this.#bits);
    this.#bits = larger;
  }
}
