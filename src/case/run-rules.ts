import type { Problem } from '../base/problem.ts';
import type { RuleLanguage, RuleMatch, RuleSet } from '../detect/rules/rule-language.ts';
import { readRecords, type ReadRecordsOptions } from './read-records.ts';

export interface LoadedSet {
  readonly language: RuleLanguage;
  readonly set: RuleSet;
}

export interface RunRulesSummary {
  readonly matches: number;
  /** Contents that some rule could judge. */
  readonly judged: number;
  readonly problems: readonly Problem[];
}

/**
 * Runs rules over evidence as it streams, without a case: records of formats that rules are written for with all their
 * fields, everything else as our own events.
 */
export async function runRules(
  paths: readonly string[],
  sets: readonly LoadedSet[],
  options: ReadRecordsOptions & { onMatch(match: RuleMatch, path: string): void },
): Promise<RunRulesSummary> {
  let matches = 0;
  let judged = 0;
  const languages = sets.map(({ language }) => language);
  const problems = await readRecords(paths, languages, options, (format, path) => {
    const runners = sets.flatMap(({ set }) => set.runner(format) ?? []);
    if (runners.length === 0) return undefined;
    judged++;
    const emit = (match: RuleMatch): void => {
      matches++;
      options.onMatch(match, path);
    };
    return {
      show: (record) => {
        for (const runner of runners) for (const match of runner.judge(record)) emit(match);
      },
      end: () => {
        for (const runner of runners) for (const match of runner.end()) emit(match);
      },
    };
  });
  return { matches, judged, problems };
}
