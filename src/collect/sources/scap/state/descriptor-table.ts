import type { Descriptor } from './descriptor.ts';

/** Descriptors that one process may have; what is opened beyond them is not followed. */
const maxDescriptors = 4096;
/** Descriptors of all processes together. */
const maxTotal = 1_000_000;

/** Counts the descriptors of all tables. A child that would go past the bound starts with an empty table. */
export class DescriptorBudget {
  used = 0;
  /** Descriptors that were not kept, because a bound was reached. */
  dropped = 0;
}

/**
 * The open descriptors of a process. A child begins with its parent's; the entries are copied when either of the two
 * changes one, so that a fork costs nothing.
 */
export class DescriptorTable {
  #entries = new Map<number, Descriptor>();
  #isShared = false;
  readonly #budget: DescriptorBudget;

  constructor(budget: DescriptorBudget) {
    this.#budget = budget;
  }

  get size(): number {
    return this.#entries.size;
  }

  entries(): Iterable<Descriptor> {
    return this.#entries.values();
  }

  get(fd: number): Descriptor | undefined {
    return this.#entries.get(fd);
  }

  /** The descriptor to be changed; undefined when there is none. */
  edit(fd: number): Descriptor | undefined {
    if (this.#isShared) this.#unshare();
    return this.#entries.get(fd);
  }

  set(fd: number, descriptor: Descriptor): void {
    if (this.#isShared) this.#unshare();
    if (!this.#entries.has(fd)) {
      if (this.#entries.size >= maxDescriptors || this.#budget.used >= maxTotal) {
        this.#budget.dropped++;
        return;
      }
      this.#budget.used++;
    }
    this.#entries.set(fd, descriptor);
  }

  delete(fd: number): void {
    if (!this.#entries.has(fd)) return;
    if (this.#isShared) this.#unshare();
    this.#entries.delete(fd);
    this.#budget.used--;
  }

  fork(): DescriptorTable {
    const child = new DescriptorTable(this.#budget);
    if (this.#budget.used + this.size > maxTotal) {
      this.#budget.dropped += this.size;
      return child;
    }
    this.#budget.used += this.size;
    child.#entries = this.#entries;
    child.#isShared = true;
    this.#isShared = true;
    return child;
  }

  /** Gives back what the table took of the budget; it must not be used afterwards. */
  free(): void {
    this.#budget.used -= this.size;
  }

  #unshare(): void {
    const own = new Map<number, Descriptor>();
    for (const [fd, descriptor] of this.#entries) own.set(fd, descriptor.copy());
    this.#entries = own;
    this.#isShared = false;
  }
}
