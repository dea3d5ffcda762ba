import { messageOf } from '../../../base/errors.ts';
import { ProcessConnector } from './connector.ts';
import { MonotonicClock } from './monotonic-clock.ts';
import { runningPids } from './proc-reader.ts';
import { ProcessTable, type KnownProcess } from './process-table.ts';

const bufferBytes = 16 * 1024 * 1024;

/** Who has a process id: kept by what the kernel tells of processes, so that one that has ended is known too; without that, asked for when needed. */
export class Actors {
  readonly #clock = new MonotonicClock();
  readonly #connector: ProcessConnector | undefined;
  #table = this.#newTable();

  constructor(onNote: (note: string) => void) {
    try {
      this.#connector = new ProcessConnector(bufferBytes);
      this.#table.addRunning(runningPids());
    } catch (error) {
      onNote(`who does something and ends at once is not known: ${messageOf(error)}`);
    }
  }

  /** To be waited for. */
  get descriptors(): number[] {
    return this.#connector === undefined ? [] : [this.#connector.descriptor];
  }

  /** Takes in what has come. */
  update(): void {
    if (this.#connector === undefined) {
      // Nothing tells when an id becomes another's.
      this.#table = this.#newTable();
      return;
    }
    for (let event = this.#connector.receive(); event !== undefined; event = this.#connector.receive()) {
      this.#table.apply(event);
    }
  }

  /** Whoever it is began, and became what it is, before it did something: that is taken in first. */
  find(pid: number): KnownProcess | undefined {
    if (pid <= 0) return undefined;
    this.update();
    return this.#table.find(pid);
  }

  /** How long it has been there; undefined where that is not known. */
  ageNs({ bornNs }: KnownProcess): bigint | undefined {
    return bornNs === undefined ? undefined : this.#clock.nowNs() - bornNs;
  }

  close(): void {
    this.#connector?.close();
  }

  #newTable(): ProcessTable {
    return new ProcessTable(undefined, () => this.#clock.nowNs());
  }
}
