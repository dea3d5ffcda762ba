import { printExpression } from '../../../src/detect/rules/falco/filter/print.ts';
import { loadFiles, type LoadedFiles } from '../../../src/detect/rules/falco/load/loader.ts';
import type { Suite, SuiteResult } from '../suite.ts';
import { judgeAll, readCases } from './falco-cases/read.ts';

/** Falco's unit tests of its loader: what loads, what is compiled from it, and what is said. */
interface LoaderCase {
  readonly name: string;
  readonly steps: readonly { readonly file: string; readonly content: string; readonly ok: boolean }[];
  readonly checks: {
    readonly compiled_condition?: Readonly<Record<string, string>>;
    readonly enabled_rules?: number;
    readonly has_warnings?: boolean;
    readonly warning_contains?: readonly string[];
    readonly warning_absent?: readonly string[];
    readonly error_contains?: readonly string[];
    readonly json_schema_status?: readonly string[];
  };
}

function difference({ steps, checks }: LoaderCase): { got: string; want: string } | undefined {
  const loaded = loadFiles(
    steps.map(({ file, content }) => ({ path: file, text: content })),
    { sources: ['syscall'], extraOutput: [] },
  );
  const got = loaded.results.map((result) => result.isSuccessful);
  const want = steps.map((step) => step.ok);
  if (JSON.stringify(got) !== JSON.stringify(want)) return { got: `ok ${String(got)}`, want: `ok ${String(want)}` };
  return messageDifference(loaded, checks) ?? compiledDifference(loaded, checks);
}

function messageDifference(
  { results }: LoadedFiles,
  checks: LoaderCase['checks'],
): { got: string; want: string } | undefined {
  const warnings = results.flatMap((result) => result.warnings.map(({ message }) => message));
  const errors = results.flatMap((result) => result.errors.map(({ message }) => message));
  const lacks = (messages: readonly string[], wanted: readonly string[] | undefined): string | undefined =>
    wanted?.find((want) => !messages.some((message) => message.includes(want)));
  const noWarning = lacks(warnings, checks.warning_contains);
  if (noWarning !== undefined) return { got: warnings.join('; '), want: noWarning };
  const noError = lacks(errors, checks.error_contains);
  if (noError !== undefined) return { got: errors.join('; '), want: noError };
  const unwanted = checks.warning_absent?.find((text) => warnings.some((message) => message.includes(text)));
  if (unwanted !== undefined) return { got: unwanted, want: 'no such warning' };
  if (checks.has_warnings !== undefined && checks.has_warnings !== warnings.length > 0) {
    return { got: warnings.join('; '), want: `warnings: ${checks.has_warnings}` };
  }
  return undefined;
}

function compiledDifference(
  { results, rules }: LoadedFiles,
  checks: LoaderCase['checks'],
): { got: string; want: string } | undefined {
  for (const [name, want] of Object.entries(checks.compiled_condition ?? {})) {
    const rule = rules.find(({ item }) => item.name === name);
    const got = rule === undefined ? 'no rule' : printExpression(rule.expression);
    if (got !== want) return { got, want };
  }
  const enabled = rules.filter(({ item }) => item.isEnabled).length;
  if (checks.enabled_rules !== undefined && enabled !== checks.enabled_rules) {
    return { got: `${enabled} enabled`, want: `${checks.enabled_rules} enabled` };
  }
  for (const [index, want] of (checks.json_schema_status ?? []).entries()) {
    const faults = results[index]?.schemaWarnings ?? [];
    if ((faults.length === 0 ? 'ok' : 'failed') !== want) return { got: faults.join('; '), want: `schema ${want}` };
  }
  return undefined;
}

export const suite: Suite = {
  id: 'falco/rule-loader',
  run(corpus): Promise<SuiteResult> {
    return Promise.resolve(
      judgeAll(readCases<LoaderCase>(corpus, 'rule_loader_unit.json'), ({ name }) => name, difference),
    );
  },
};
