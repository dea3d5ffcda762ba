import { VakthundError } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import type { RuleSet } from '../detect/rules/rule-language.ts';

/** Errors in the files of a set. */
export function faultsOf({ files }: RuleSet): Problem[] {
  return files.flatMap(({ path, problems }) =>
    problems
      .filter(({ severity }) => severity === 'error')
      .map(({ code, message, line }): Problem => ({
        code: 'bad-rule',
        at: { path, ...(line === undefined ? {} : { line }) },
        message: `${code}: ${message}`,
      })),
  );
}

/** Throws `CONFIG` for an error in a file that somebody named. */
export function assertSound(faults: readonly Problem[], named: readonly string[]): void {
  const bad = faults.find(({ at: { path } }) => path !== undefined && named.includes(path));
  if (bad === undefined) return;
  throw new VakthundError('CONFIG', `${bad.at.path} has errors: ${bad.message}`, {
    hint: `vakthund rules check ${bad.at.path}`,
  });
}
