import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadRuleSet } from '../../../src/detect/rules/falco/rule-set.ts';
import type { RuleText } from '../../../src/detect/rules/rule-language.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { judgeAll } from './falco-cases/read.ts';
import { describe, type LoadResults } from './falco-cases/verdict.ts';

/**
 * Rules as they are published. Each official file alone, each plug-in's file with its source, and each of the community
 * after the default file of its time, whose macros it leans on: no errors, and as many rules as stand in it.
 */
interface LoadCase {
  readonly name: string;
  readonly files: readonly RuleText[];
}

function findCases(corpus: string): LoadCase[] {
  const rules = join(corpus, 'falco/rules');
  const read = (path: string): RuleText => ({ path, text: readFileSync(path, 'utf8') });
  const find = (pattern: string): string[] =>
    globSync(pattern, { cwd: rules })
      .sort()
      .map((path) => join(rules, path));
  const alone = [...find('*.yaml'), ...find('plugins/*.yaml')];
  const [base] = find('../cases/legacy_falco_rules*.yaml');
  return [
    ...alone.map((path) => ({ name: basename(path), files: [read(path)] })),
    ...find('community/*.yaml').map((path) => ({
      name: `community/${basename(path)}`,
      files: base === undefined ? [read(path)] : [read(base), read(path)],
    })),
  ];
}

function difference({ files }: LoadCase): { got: string; want: string } | undefined {
  const set = loadRuleSet(files);
  const { falco_load_results: results } = set.json() as LoadResults;
  const errors = results.flatMap((result) => result.errors);
  if (errors.length > 0) return { got: describe(errors), want: 'no errors' };
  const names = new Set(files.flatMap(({ text }) => [...text.matchAll(/^- rule: *(?<name>.+?) *$/gm)].map(nameOf)));
  return set.rules.length === names.size
    ? undefined
    : { got: `${set.rules.length} rules`, want: `${names.size} rules` };
}

function nameOf(match: RegExpMatchArray): string {
  return (match.groups?.['name'] ?? '').replace(/^"(?<inner>.*)"$/, '$<inner>').replace(/^'(?<inner>.*)'$/, '$<inner>');
}

export const suite: Suite = {
  id: 'falco/load',
  run(corpus): Promise<SuiteResult> {
    return Promise.resolve(judgeAll(findCases(corpus), ({ name }) => name, difference));
  },
};
