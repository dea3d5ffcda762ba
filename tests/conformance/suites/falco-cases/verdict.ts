import type { ExpectedIssue, Expectation } from './read.ts';

interface Location {
  readonly item_type: string;
  readonly item_name: string;
}
interface Issue {
  readonly code: string;
  readonly message: string;
  readonly context: { readonly locations: readonly Location[] };
}
/** The object that Falco prints, as far as cases ask for it. */
export interface LoadResults {
  readonly falco_load_results: readonly {
    readonly name: string;
    readonly successful: boolean;
    readonly errors: readonly Issue[];
    readonly warnings: readonly Issue[];
  }[];
}

type Wrong = { readonly got: string; readonly want: string } | undefined;

/** The first thing in which loading differs from what is expected. */
export function loadDifference(results: LoadResults, expect: Expectation): Wrong {
  const files = results.falco_load_results;
  const errors = files.flatMap((file) => file.errors);
  const warnings = files.flatMap((file) => file.warnings);
  const isOk = files.every((file) => file.successful);
  if (expect.ok !== undefined && isOk !== expect.ok) {
    return { got: `ok ${isOk} ${describe(errors)}`, want: `ok ${expect.ok}` };
  }
  for (const [index, want] of Object.entries(expect.file_ok ?? {})) {
    const got = files[Number(index)]?.successful;
    if (got !== want) return { got: `file ${index}: ${got}`, want: String(want) };
  }
  for (const [issues, wanted] of [
    [errors, expect.errors],
    [warnings, expect.warnings],
  ] as const) {
    const missing = wanted?.find((want) => !issues.some((issue) => isSame(issue, want)));
    if (missing !== undefined) return { got: describe(issues), want: JSON.stringify(missing) };
  }
  if (expect.error_count !== undefined && errors.length !== expect.error_count) {
    return { got: describe(errors), want: `${expect.error_count} errors` };
  }
  if (expect.warning_count !== undefined && warnings.length !== expect.warning_count) {
    return { got: describe(warnings), want: `${expect.warning_count} warnings` };
  }
  return undefined;
}

/** Type and name may be those of any place in the chain. The wording of the YAML library is its own. */
function isSame(issue: Issue, want: ExpectedIssue): boolean {
  const isLibraryText = issue.code === 'LOAD_ERR_YAML_PARSE';
  return (
    issue.code === want.code &&
    (want.message === undefined || isLibraryText || issue.message === want.message) &&
    issue.context.locations.some(
      ({ item_type, item_name }) =>
        (want.item_type === undefined || item_type === want.item_type) &&
        (want.item_name === undefined || item_name === want.item_name),
    )
  );
}

export function describe(issues: readonly Issue[]): string {
  return issues.map(({ code, message }) => `${code}: ${message}`).join('; ');
}
