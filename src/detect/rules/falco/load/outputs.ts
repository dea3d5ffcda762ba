import type { FileResult } from './file-result.ts';
import type { RuleItem } from './items.ts';

/** `append_output` of falco.yaml: more text and more fields for the rules that it selects. */
export interface AppendedOutput {
  readonly source?: string;
  readonly rule?: string;
  /** All of them must be there. */
  readonly tags: readonly string[];
  /** Texts that come behind the output. */
  readonly formats: readonly string[];
  /** Beside the fields of the output; without a format the value of the field that is named. */
  readonly fields: readonly { readonly name: string; readonly format?: string }[];
}
export type ExtraOutput = readonly AppendedOutput[];

/** Fields that lost their meaning with Falco 0.42. */
export const deprecatedFields = [
  'evt.dir',
  'evt.latency',
  'evt.latency.s',
  'evt.latency.ns',
  'evt.latency.human',
  'evt.wait_latency',
];

/** What is appended to the output of a rule. */
export function appendedTo(item: RuleItem, extra: ExtraOutput): ExtraOutput {
  return extra.filter(
    ({ source, rule, tags }) =>
      (source === undefined || source === item.source) &&
      (rule === undefined || rule === item.name) &&
      tags.every((tag) => item.tags.includes(tag)),
  );
}

export function warnOfOutput(item: RuleItem, result: FileResult): void {
  for (const field of deprecatedFields) {
    if (!item.output.includes(field)) continue;
    const message = `usage of deprecated field '${field}' has been detected in the rule output`;
    result.warn('LOAD_DEPRECATED_ITEM', message, item.outputContext, field);
  }
}
