import type { Problem } from '../../../base/problem.ts';
import type { Terminal } from '../../terminal.ts';

/** One line for each kind of problem: how often, and the first. */
export function talkProblems(problems: readonly Problem[], terminal: Terminal): void {
  const byCode = new Map<string, Problem[]>();
  for (const problem of problems) {
    const known = byCode.get(problem.code);
    if (known === undefined) byCode.set(problem.code, [problem]);
    else known.push(problem);
  }
  for (const list of byCode.values()) {
    const count = list.reduce((all, { count: times = 1 }) => all + times, 0);
    const more = count > 1 ? ` (and ${count - 1} more like it; --json has them)` : '';
    terminal.talk(`note: ${list[0]?.at.path ?? ''}: ${list[0]?.message ?? ''}${more}\n`);
  }
}
