import { VakthundError } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';

/**
 * What a file said when it was whole last. Somebody who edits it, or takes it away, must not end a watch, nor make it forget what it was told: the
 * last whole content holds until the file is whole again, and the fault is told.
 */
export class LastWhole<T> {
  #last: { readonly value: T } | undefined;

  /** Throws what `load` throws when it has never been whole, and what is no fault of a file. */
  read(load: () => T, onFault: (problem: Problem) => void): T {
    try {
      const value = load();
      this.#last = { value };
      return value;
    } catch (error) {
      if (this.#last === undefined || !(error instanceof VakthundError)) throw error;
      onFault({
        code: 'detector-failed',
        at: {},
        message: `${error.message}; what stood there before holds until it is whole again`,
      });
      return this.#last.value;
    }
  }
}
