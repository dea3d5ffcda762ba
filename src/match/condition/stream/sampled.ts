/** Letters that are looked at together. */
const gramLength = 4;
/** Literals that one gram may lead to; a set with more is for an automaton. */
const maxBucket = 32;

/**
 * Finds literals of one length in ASCII without looking at every place: of a literal's grams one begins at each place that is looked at,
 * whatever the text before it. Of eight units and grams of four that is every fifth place.
 */
export class SampledLiterals {
  readonly #literals: readonly string[];
  readonly #stride: number;
  /** A bit for each hash that some gram has. */
  readonly #filter: Int32Array;
  readonly #shift: number;
  /** For each gram the literals that have it, by index, each with its place in the literal. */
  readonly #buckets: ReadonlyMap<number, Int32Array>;

  /** The shortest literal that it takes. */
  static readonly shortest = gramLength + 1;

  /** ASCII literals of one length; undefined when there are none, they are too short, or too many have a gram in common. */
  static of(literals: readonly string[]): SampledLiterals | undefined {
    const length = literals[0]?.length ?? 0;
    if (length < SampledLiterals.shortest) return undefined;
    const buckets = new Map<number, number[]>();
    for (const [index, literal] of literals.entries()) {
      if (literal.length !== length) return undefined;
      for (let place = 0; place + gramLength <= length; place++) {
        const gram = gramAt(literal, place);
        const bucket = buckets.get(gram) ?? [];
        buckets.set(gram, bucket);
        if (bucket.push(index, place) > 2 * maxBucket) return undefined;
      }
    }
    return new SampledLiterals(literals, length, buckets);
  }

  private constructor(literals: readonly string[], length: number, buckets: ReadonlyMap<number, readonly number[]>) {
    this.#literals = literals;
    this.#stride = length - gramLength + 1;
    this.#buckets = new Map([...buckets].map(([gram, bucket]) => [gram, Int32Array.from(bucket)]));
    const bits = Math.max(10, 32 - Math.clz32(buckets.size * 8));
    this.#shift = 32 - bits;
    this.#filter = new Int32Array(1 << (bits - 5));
    for (const gram of buckets.keys()) {
      const hash = hashOf(gram, this.#shift);
      this.#filter[hash >> 5] = (this.#filter[hash >> 5] ?? 0) | (1 << (hash & 31));
    }
  }

  /** Calls `found` with the index of each literal that the text has in these bytes (`scanLowBytes`), as often as it does. */
  scan(bytes: Uint8Array, length: number, text: string, offset: number, found: (literal: number) => void): void {
    const [filter, shift, stride] = [this.#filter, this.#shift, this.#stride];
    const last = length - gramLength;
    for (let at = 0; at <= last; at += stride) {
      const gram =
        (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
      const hash = hashOf(gram, shift);
      if ((((filter[hash >> 5] ?? 0) >> (hash & 31)) & 1) === 1) this.#verify(text, offset + at, gram, found);
    }
  }

  #verify(text: string, at: number, gram: number, found: (literal: number) => void): void {
    const bucket = this.#buckets.get(gram);
    if (bucket === undefined) return;
    for (let entry = 0; entry < bucket.length; entry += 2) {
      const literal = bucket[entry] ?? 0;
      const start = at - (bucket[entry + 1] ?? 0);
      if (start >= 0 && text.startsWith(this.#literals[literal] ?? '', start)) found(literal);
    }
  }
}

/** Four ASCII letters as one number. */
function gramAt(literal: string, at: number): number {
  return (
    literal.charCodeAt(at) |
    (literal.charCodeAt(at + 1) << 8) |
    (literal.charCodeAt(at + 2) << 16) |
    (literal.charCodeAt(at + 3) << 24)
  );
}

function hashOf(gram: number, shift: number): number {
  return Math.imul(gram, 0x9e3779b1 | 0) >>> shift;
}
