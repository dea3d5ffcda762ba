import type { Problem } from '../base/problem.ts';
import type { RuleLanguage, RuleMatch, RuleRunner, RuleSet } from '../detect/rules/rule-language.ts';
import type { RecordFormat } from '../match/record-stream.ts';
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

/** Judges all contents in one format, so that what is counted over time goes on from one file to the next. */
interface Judges {
  readonly runners: readonly RuleRunner<unknown>[];
  /** Of the content that was read last. */
  path: string;
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
  const emit = (found: readonly RuleMatch[], path: string): void => {
    matches += found.length;
    for (const match of found) options.onMatch(match, path);
  };
  const judges = new Map<RecordFormat<unknown>, Judges>();
  const judgesOf = (format: RecordFormat<unknown>, path: string): Judges => {
    const known = judges.get(format) ?? { runners: sets.flatMap(({ set }) => set.runner(format) ?? []), path };
    judges.set(format, known);
    return known;
  };
  const languages = sets.map(({ language }) => language);
  const problems = await readRecords(paths, languages, options, (format, path) => {
    const own = judgesOf(format, path);
    if (own.runners.length === 0) return undefined;
    own.path = path;
    judged++;
    return (record) => {
      for (const runner of own.runners) emit(runner.judge(record), path);
    };
  });
  for (const { runners, path } of judges.values()) for (const runner of runners) emit(runner.end(), path);
  return { matches, judged, problems };
}
