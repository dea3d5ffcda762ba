import type { Problem, ProblemCode } from '../base/problem.ts';

const keptPerCode = 20;

/** Lets the first problems of each code of one evidence through and counts the rest, so that hostile input cannot fill the case. */
export class ProblemBudget {
  readonly #seen = new Map<ProblemCode, { passed: number; held: number; last: Problem }>();
  total = 0;

  /** Problems that are to be stored now. */
  admit(problems: readonly Problem[]): Problem[] {
    return problems.filter((problem) => {
      this.total += problem.count ?? 1;
      const state = this.#seen.get(problem.code) ?? { passed: 0, held: 0, last: problem };
      this.#seen.set(problem.code, state);
      state.last = problem;
      if (state.passed < keptPerCode) {
        state.passed++;
        return true;
      }
      state.held += problem.count ?? 1;
      return false;
    });
  }

  /** One problem per code for those that were only counted; resets the count. */
  rest(): Problem[] {
    const rest: Problem[] = [];
    for (const state of this.#seen.values()) {
      if (state.held === 0) continue;
      rest.push({
        ...state.last,
        message: `${state.held} more of this kind; the last: ${state.last.message}`,
        count: state.held,
      });
      state.held = 0;
    }
    return rest;
  }
}
