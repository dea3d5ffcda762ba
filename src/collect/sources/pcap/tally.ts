import type { Problem, ProblemCode } from '../../../base/problem.ts';

interface Entry {
  readonly code: ProblemCode;
  readonly message: string;
  readonly packet: number;
  count: number;
}

/**
 * Problems of packets, counted by what is wrong: a capture may have millions of the same. Messages are ours, without values of
 * the packet, so that there are only as many as we have sentences.
 */
export class Tally {
  readonly #entries = new Map<string, Entry>();

  add(code: ProblemCode, message: string, packet: number, count = 1): void {
    const entry = this.#entries.get(message);
    if (entry === undefined) this.#entries.set(message, { code, message, packet, count });
    else entry.count += count;
  }

  /** One problem for each message, at the first packet that it was met at. */
  drain(): Problem[] {
    const problems = [...this.#entries.values()].map(({ code, message, packet, count }) => ({
      code,
      at: { line: packet },
      message,
      ...(count === 1 ? {} : { count }),
    }));
    this.#entries.clear();
    return problems;
  }
}
