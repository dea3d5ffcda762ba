/**
 * Networks of one family, each with the number of its entry. CIDR networks either hold one another or do not touch, so
 * sorted by first address, each with its nearest holder, all networks around an address are found by one binary search
 * and a walk outwards of at most one step for each prefix length.
 */
export class RangeTable<N extends number | bigint> {
  readonly #pack: (values: N[]) => ArrayLike<N>;
  #pending: { first: N; last: N; entry: number }[] = [];
  #firsts: ArrayLike<N>;
  #lasts: ArrayLike<N>;
  #entries = new Uint32Array(0);
  #holders = new Int32Array(0);

  /** `pack` chooses the array that the addresses are kept in. */
  constructor(pack: (values: N[]) => ArrayLike<N>) {
    this.#pack = pack;
    this.#firsts = pack([]);
    this.#lasts = pack([]);
  }

  get count(): number {
    return this.#pending.length + this.#firsts.length;
  }

  /** Estimate: a big number is an object of 32 bytes and a reference. */
  get byteLength(): number {
    return this.#firsts.length * (typeof this.#firsts[0] === 'bigint' ? 2 * 40 + 8 : 2 * 4 + 8);
  }

  add(first: N, last: N, entry: number): void {
    this.#pending.push({ first, last, entry });
  }

  /** Sorts what was added. Nothing is found before. */
  seal(): void {
    const ranges = this.#pending.sort(
      (a, b) => compare(a.first, b.first) || compare(b.last, a.last) || a.entry - b.entry,
    );
    this.#firsts = this.#pack(ranges.map((range) => range.first));
    this.#lasts = this.#pack(ranges.map((range) => range.last));
    this.#entries = Uint32Array.from(ranges, (range) => range.entry);
    this.#holders = holdersOf(ranges.map((range) => range.last));
    this.#pending = [];
  }

  /** Place of the narrowest network around the address, or -1. */
  narrowest(address: N): number {
    const firsts = this.#firsts;
    let low = 0;
    let high = firsts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const first = firsts[middle];
      if (first !== undefined && first <= address) low = middle + 1;
      else high = middle;
    }
    return this.#around(low - 1, address);
  }

  /** Place of the next wider network around the address, or -1. */
  wider(place: number, address: N): number {
    return this.#around(this.#holders[place] ?? -1, address);
  }

  entryAt(place: number): number {
    return this.#entries[place] ?? 0;
  }

  #around(from: number, address: N): number {
    let place = from;
    while (place >= 0) {
      const last = this.#lasts[place];
      if (last !== undefined && last >= address) return place;
      place = this.#holders[place] ?? -1;
    }
    return -1;
  }
}

/** For each range, in sorted order, the place of the nearest one that holds it, or -1. */
function holdersOf(lasts: readonly (number | bigint)[]): Int32Array<ArrayBuffer> {
  const holders = new Int32Array(lasts.length);
  const open: number[] = [];
  for (const [place, last] of lasts.entries()) {
    while (open.length > 0 && (lasts[open.at(-1) ?? 0] ?? last) < last) open.pop();
    holders[place] = open.at(-1) ?? -1;
    open.push(place);
  }
  return holders;
}

function compare(a: number | bigint, b: number | bigint): number {
  if (a < b) return -1;
  return a > b ? 1 : 0;
}
