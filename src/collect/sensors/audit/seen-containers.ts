import { containerOf } from '../../linux/container-of.ts';
import { numberAt } from './record-lines.ts';

/** How long a process is not looked at again: its id may be another's by then. */
const seenMs = 2000;
const maxSeen = 20_000;
const pidField = Buffer.from(' pid=');

/** The containers of processes, looked up while they are still there: a record names none. */
export class SeenContainers {
  #seen = new Set<number>();
  #since = performance.now();
  #pairs: (readonly [pid: number, containerId: string])[] = [];

  /** The record of a system call. */
  see(payload: Buffer): void {
    const at = payload.indexOf(pidField);
    const pid = at < 0 ? -1 : numberAt(payload, at + pidField.length);
    if (pid <= 0 || this.#seen.has(pid)) return;
    this.#seen.add(pid);
    const container = containerOf(pid);
    if (container !== undefined) this.#pairs.push([pid, container]);
  }

  /** Pairs found since the last call. */
  take(): readonly (readonly [pid: number, containerId: string])[] {
    if (performance.now() - this.#since > seenMs || this.#seen.size > maxSeen) {
      this.#seen = new Set();
      this.#since = performance.now();
    }
    const pairs = this.#pairs;
    this.#pairs = [];
    return pairs;
  }
}
