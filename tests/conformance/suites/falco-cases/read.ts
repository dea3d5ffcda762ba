import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { RuleText } from '../../../../src/detect/rules/rule-language.ts';
import type { SuiteFailure, SuiteResult } from '../../suite.ts';

/** A rules file in a case: inline, or by its path from the folder of the cases. */
export type CaseRules = { readonly name: string; readonly content: string } | { readonly ref: string };

/** What a case of Falco's own tests expects of loading and of a run. */
export interface Expectation {
  readonly ok?: boolean;
  readonly errors?: readonly ExpectedIssue[];
  readonly warnings?: readonly ExpectedIssue[];
  readonly error_count?: number;
  readonly warning_count?: number;
  readonly file_ok?: Readonly<Record<string, boolean>>;
  readonly detections?: number | string;
  readonly detections_by_rule?: Readonly<Record<string, number | string>>;
  readonly detections_by_priority?: Readonly<Record<string, number | string>>;
  readonly exact_output_text?: string;
  readonly exact_output_json?: string;
  readonly text?: readonly (readonly string[])[];
}

export interface ExpectedIssue {
  readonly code: string;
  readonly item_type?: string;
  readonly item_name?: string;
  readonly message?: string;
}

export interface FalcoCase {
  readonly name: string;
  readonly rules: readonly CaseRules[];
  readonly args?: readonly string[];
  readonly json_output?: boolean;
  readonly config?: { readonly name: string; readonly content: string };
  readonly capture?: string;
  readonly expect: Expectation;
  readonly [option: string]: unknown;
}

function casesFolder(corpus: string): string {
  return join(corpus, 'falco/cases');
}

/** A JSON file of cases, gzipped or plain; empty when it is not there. */
export function readCases<T>(corpus: string, name: string): readonly T[] {
  for (const file of [join(casesFolder(corpus), name), join(casesFolder(corpus), `${name}.gz`)]) {
    if (!existsSync(file)) continue;
    const bytes = readFileSync(file);
    return JSON.parse((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')) as readonly T[];
  }
  return [];
}

export function ruleTexts(corpus: string, rules: readonly CaseRules[]): RuleText[] {
  return rules.map((rule) =>
    'ref' in rule
      ? { path: rule.ref, text: readFileSync(join(casesFolder(corpus), rule.ref), 'utf8') }
      : { path: rule.name, text: rule.content },
  );
}

/** Judges each case by the first thing that differs. */
export function judgeAll<T>(
  cases: readonly T[],
  nameOf: (value: T) => string,
  judge: (value: T) => Omit<SuiteFailure, 'case'> | undefined,
): SuiteResult {
  const failed: SuiteFailure[] = [];
  for (const value of cases) {
    const wrong = judge(value);
    if (wrong !== undefined) failed.push({ case: nameOf(value), ...wrong });
  }
  return { total: cases.length, passed: cases.length - failed.length, skipped: 0, failed };
}
