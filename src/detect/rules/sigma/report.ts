import type { RuleFileVerdict } from '../rule-language.ts';
import type { SigmaCollection } from './collection.ts';
import { sigmaErrorCodes, type SigmaErrorCode } from './error.ts';

/** The report for people: faults as `file:line: code: message`, then what was read. */
export function reportText(collection: SigmaCollection, files: readonly RuleFileVerdict[]): string {
  const lines: string[] = [];
  for (const { path, problems } of files) {
    for (const { severity, code, message, line, rule } of problems) {
      lines.push(`${path}:${line ?? 1}: ${severity}: ${code}: ${message}${rule === undefined ? '' : ` (${rule})`}`);
    }
  }
  const bad = files.filter((file) => !file.isOk).length;
  const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? '' : 's'}`;
  const { rules, correlations } = collection;
  const read = `${count(rules.length, 'rule')} and ${count(correlations.length, 'correlation')} can be used`;
  lines.push(`${count(files.length, 'file')}: ${read}; ${count(bad, 'file')} with errors`, '');
  return lines.join('\n');
}

/** The same as one object; each problem carries what its code means. */
export function reportJson(collection: SigmaCollection, files: readonly RuleFileVerdict[]): unknown {
  return {
    sigma_check_results: files.map(({ path, isOk, problems }) => ({
      file: path,
      successful: isOk,
      problems: problems.map((problem) => ({
        ...problem,
        meaning: sigmaErrorCodes[problem.code as SigmaErrorCode],
      })),
    })),
    rules: collection.rules.length,
    correlations: collection.correlations.length,
  };
}
