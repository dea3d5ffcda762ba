/** Segments of one stream that wait behind a hole. */
const maxStreamBytes = 1024 * 1024;
const maxStreamSegments = 4096;

/** What the segments of all streams together hold, and may hold. */
export class SegmentBudget {
  bytes = 0;
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }
}

interface Segment {
  /** Relative sequence number of the first byte. */
  start: number;
  end: number;
  /** Undefined where nobody reads the stream: only the place counts. */
  readonly bytes: Uint8Array | undefined;
}

/** Sorted segments without overlaps: the bytes that came first stay. */
export class PendingSegments {
  readonly #segments: Segment[] = [];
  readonly #budget: SegmentBudget;
  #bytes = 0;

  constructor(budget: SegmentBudget) {
    this.#budget = budget;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  /** Start of the first segment; Infinity when there is none. */
  get start(): number {
    return this.#segments[0]?.start ?? Infinity;
  }

  /** True when the hole before must be given up, because too much waits behind it. */
  get isFull(): boolean {
    return (
      this.#bytes > maxStreamBytes ||
      this.#segments.length > maxStreamSegments ||
      (this.#budget.bytes > this.#budget.maxBytes && this.#bytes > 0)
    );
  }

  /** Takes a copy of what is new in the segment; `bytes` may be undefined to keep the place only. */
  add(start: number, end: number, bytes: Uint8Array | undefined): void {
    const segments = this.#segments;
    let index = this.#indexOf(start);
    let from = start;
    const before = segments[index - 1];
    if (before !== undefined && before.end > from) from = before.end;
    while (from < end) {
      const next = segments[index];
      const to = Math.min(end, next?.start ?? end);
      if (to > from) {
        // `slice` of a Buffer would be a view, which keeps the whole chunk of the file in memory.
        const copy = bytes === undefined ? undefined : new Uint8Array(bytes.subarray(from - start, to - start));
        this.#insert(index, from, to, copy);
        index++;
      }
      if (next === undefined) return;
      from = Math.max(from, next.end);
      index++;
    }
  }

  /** Removes and returns the first segment. */
  shift(): Segment | undefined {
    const segment = this.#segments.shift();
    if (segment?.bytes !== undefined) this.#count(-segment.bytes.length);
    return segment;
  }

  clear(): void {
    this.#count(-this.#bytes);
    this.#segments.length = 0;
  }

  /** Index of the first segment that starts after `start`. */
  #indexOf(start: number): number {
    let low = 0;
    let high = this.#segments.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#segments[middle]?.start ?? 0) <= start) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #insert(index: number, start: number, end: number, bytes: Uint8Array | undefined): void {
    const before = this.#segments[index - 1];
    if (bytes === undefined && before !== undefined && before.bytes === undefined && before.end === start) {
      before.end = end;
      return;
    }
    this.#segments.splice(index, 0, { start, end, bytes });
    if (bytes !== undefined) this.#count(bytes.length);
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#budget.bytes += bytes;
  }
}
