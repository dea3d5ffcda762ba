import type { RuleFileVerdict, RuleProblem } from '../../rule-language.ts';
import { errorTexts, warningDescriptions, warningTexts, type ErrorCode, type WarningCode } from './codes.ts';
import type { Context } from './context.ts';

interface Issue<Code> {
  readonly code: Code;
  readonly message: string;
  readonly context: Context;
  /** Deprecated field that the warning is about. */
  readonly field?: string;
}

/** What loading one file gave, as Falco prints it. */
export class FileResult {
  readonly name: string;
  readonly errors: Issue<ErrorCode>[] = [];
  readonly warnings: Issue<WarningCode>[] = [];
  schemaWarnings: readonly string[] = [];

  constructor(name: string) {
    this.name = name;
  }

  get isSuccessful(): boolean {
    return this.errors.length === 0;
  }

  error(code: ErrorCode, message: string, context: Context): void {
    this.errors.push({ code, message, context });
  }

  warn(code: WarningCode, message: string, context: Context, field?: string): void {
    this.warnings.push(field === undefined ? { code, message, context } : { code, message, context, field });
  }

  /** One line for a good file, every error in full for a bad one. */
  text(contents: ReadonlyMap<string, string>): string {
    if (this.isSuccessful) return `${this.name}: Ok${this.warnings.length > 0 ? ', with warnings' : ''}\n`;
    const errors = this.errors.map((issue) => issueText(issue, errorTexts[issue.code], contents)).join('');
    const warnings = this.warnings.map((issue) => issueText(issue, warningTexts[issue.code], contents)).join('');
    const tail = this.warnings.length === 0 ? '' : `\n${this.warnings.length} Warnings:\n${warnings}`;
    return `${this.name}: Invalid\n${this.errors.length} Errors:\n${errors}${tail}`;
  }

  /** The file's entry in `falco_load_results`, keys in Falco's order. */
  json(contents: ReadonlyMap<string, string>): object {
    return {
      errors: this.errors.map((issue) => issueJson(issue, errorTexts[issue.code], contents)),
      name: this.name,
      schema_valid: this.schemaWarnings.length === 0,
      schema_warnings: this.schemaWarnings,
      successful: this.isSuccessful,
      warnings: this.warnings.map((issue) => issueJson(issue, warningDescriptions[issue.code], contents)),
    };
  }

  verdict(): RuleFileVerdict {
    const problems = [
      ...this.errors.map((issue) => problemOf(issue, 'error')),
      ...this.warnings.map((issue) => problemOf(issue, 'warning')),
    ];
    return { path: this.name, isOk: this.isSuccessful, problems };
  }
}

function issueText(issue: Issue<string>, text: string, contents: ReadonlyMap<string, string>): string {
  const snippet = issue.context.snippet(contents);
  return `${issue.context.text()}------\n${snippet}------\n${issue.code} (${text}): ${issue.message}\n`;
}

function issueJson(issue: Issue<string>, codedesc: string, contents: ReadonlyMap<string, string>): object {
  const { code, message, context, field } = issue;
  return {
    code,
    codedesc,
    context: { ...context.json(), snippet: context.snippet(contents) },
    ...(field === undefined ? {} : { deprecated_field: field }),
    message,
  };
}

function problemOf(issue: Issue<string>, severity: RuleProblem['severity']): RuleProblem {
  const { locations } = issue.context;
  const inFile = locations.findLast((location) => location.type !== 'condition expression');
  const rule = locations.find((location) => location.type === 'rule')?.itemName;
  return {
    severity,
    code: issue.code,
    message: issue.message,
    line: (inFile?.line ?? 0) + 1,
    ...(rule === undefined ? {} : { rule }),
  };
}
