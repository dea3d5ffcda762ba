/** Serial numbers that are remembered: at 50,000 events a second those of five seconds. */
const size = 1 << 18;
const mask = size - 1;
const begun = 1;
const ended = 2;
const single = 4;
/** Calls of `settle` after which nothing is expected to follow an overrun any more. */
const patience = 10;

/** Of which part of an event a record is: the first of those of a system call, the one that ends them, or any other. */
export type EventPart = 'first' | 'end' | 'other';

/**
 * Counts events that did not arrive, by the kernel's serial numbers. Records of several processors come a little out of order, so a number is
 * judged only when `settle` was called twice since. Gaps count only around an overrun: the kernel leaves out numbers for other reasons too.
 */
export class SerialWindow {
  readonly #seen = new Uint8Array(size);
  #settled = -1;
  #highest = -1;
  #boundary = -1;
  #missing = 0;
  #cut = 0;
  /** After an overrun the kernel drops everything until what waits is read, so the gap lies behind that. */
  #state: 'whole' | 'emptying' | 'awaiting' = 'whole';
  #emptiedAt = -1;
  #calls = 0;

  see(serial: number, part: EventPart): void {
    if (this.#highest < 0 || serial < this.#highest - size) this.#begin(serial);
    if (serial <= this.#settled) return;
    if (serial > this.#highest + size) this.#jump(serial);
    else if (serial - this.#settled > size) this.#settleTo(serial - size);
    this.#seen[serial & mask] = (this.#seen[serial & mask] ?? 0) | bitOf(part);
    if (serial > this.#highest) this.#highest = serial;
  }

  overran(): void {
    this.#state = 'emptying';
    this.#calls = 0;
  }

  /** Everything that waited has been read. */
  emptied(): void {
    if (this.#state !== 'emptying') return;
    this.#state = 'awaiting';
    this.#emptiedAt = this.#highest;
  }

  /** To be called about every second. Gives what an overrun has cost, once what came after it has arrived. */
  settle(): { readonly missing: number; readonly cut: number } | undefined {
    this.#settleTo(this.#boundary);
    this.#boundary = this.#highest;
    if (this.#state === 'whole') this.#forget();
    if (this.#state !== 'awaiting') return undefined;
    this.#calls++;
    if (this.#settled <= this.#emptiedAt && this.#calls < patience) return undefined;
    return this.#take();
  }

  /** What an overrun that was not told yet has cost, when nothing more is read. */
  end(): { readonly missing: number; readonly cut: number } | undefined {
    this.#settleTo(this.#highest);
    return this.#state === 'whole' ? undefined : this.#take();
  }

  #take(): { readonly missing: number; readonly cut: number } {
    const loss = { missing: this.#missing, cut: this.#cut };
    this.#state = 'whole';
    this.#forget();
    return loss;
  }

  #forget(): void {
    this.#missing = 0;
    this.#cut = 0;
  }

  #begin(serial: number): void {
    this.#seen.fill(0);
    this.#settled = serial - 1;
    this.#boundary = serial - 1;
    this.#highest = serial;
  }

  /** Past more numbers than are remembered. */
  #jump(serial: number): void {
    this.#settleTo(this.#highest);
    this.#missing += serial - 1 - this.#highest;
    this.#settled = serial - 1;
  }

  #settleTo(serial: number): void {
    for (let at = this.#settled + 1; at <= serial; at++) {
      const parts = this.#seen[at & mask] ?? 0;
      if (parts === 0) this.#missing++;
      else if ((parts & (begun | ended)) === begun || (parts & (begun | ended)) === ended) this.#cut++;
      this.#seen[at & mask] = 0;
    }
    if (serial > this.#settled) this.#settled = serial;
  }
}

function bitOf(part: EventPart): number {
  if (part === 'other') return single;
  return part === 'first' ? begun : ended;
}
