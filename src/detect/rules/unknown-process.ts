import { severities, type Reason, type Severity } from '../../events/finding.ts';
import type { Condition, Subject } from '../../match/condition/condition.ts';
import type { Rule } from './rule-language.ts';

/** Fields about the process, in Falco's names and in those of our events. */
const aboutProcess = /^(?:proc\.|process_)/;

const known = new WeakMap<Rule, boolean>();

/**
 * Whether a rule leaves processes out by what they are (`not proc.name in (…)`). A field without a value makes every comparison false, so on
 * an event that names no process such a rule says more than anybody knows.
 */
export function excludesProcesses(rule: Rule): boolean {
  let answer = known.get(rule);
  if (answer === undefined) {
    answer = (rule.asked?.() ?? []).some(({ condition }) => hasExclusion(condition, false));
    known.set(rule, answer);
  }
  return answer;
}

function hasExclusion(condition: Condition, isNegated: boolean): boolean {
  if (condition.kind === 'not') return hasExclusion(condition.of, !isNegated);
  if ('of' in condition) return condition.of.some((one) => hasExclusion(one, isNegated));
  return isNegated && 'subject' in condition && condition.kind !== 'exists' && isAboutProcess(condition.subject);
}

function isAboutProcess(subject: Subject): boolean {
  if (subject.kind === 'field') return aboutProcess.test(subject.field.name);
  return subject.kind === 'transform' && subject.of.some(isAboutProcess);
}

/** What is said of a match whose process nobody knows, and the severity below the rule's own. */
export function judgedWithoutProcess(severity: Severity): { readonly severity: Severity; readonly reason: Reason } {
  const lower = severities[Math.max(0, severities.indexOf(severity) - 1)] ?? severity;
  const value =
    'the rule leaves out processes that may do this, and the evidence does not say which did; one severity less';
  return { severity: lower, reason: { what: 'process not known', value } };
}
