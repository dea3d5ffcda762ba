import { statSync, readFileSync } from 'node:fs';
import { decodeUtf8 } from '../base/bytes.ts';
import { messageOf, VakthundError } from '../base/errors.ts';
import type { Problem } from '../base/problem.ts';
import { ruleFinding } from '../detect/rules/rule-findings.ts';
import { languages } from '../detect/rules/registry.generated.ts';
import type { Rule, RuleLanguage, RuleQuery, RuleSet, RuleText } from '../detect/rules/rule-language.ts';
import { askRules, QuestionFilter } from '../detect/rules/rule-matches.ts';
import type { RuleQuestion } from '../detect/rules/rule-question.ts';
import { readRuleFolder, shippedRules } from '../detect/rules/shipped.ts';
import { isDetectorNamed } from '../events/detector-id.ts';
import type { DetectOptions, DetectResult, NotChecked } from './detect.ts';
import { everySource } from './every-source.ts';
import type { LoadedSet } from './run-rules.ts';
import { timeCondition } from './time-condition.ts';

/** Reasons that are told one by one; the rest is counted. */
const maxReasons = 50;

/** Runs the shipped rules and those of `paths` (files and folders) back over everything stored. */
export async function searchRules(paths: readonly string[], options: DetectOptions): Promise<DetectResult> {
  return searchRuleSets(loadRuleSets(paths), options);
}

/**
 * Rules that cannot match are told together by their reason; one that the store refuses leaves the others alone. Only questions that
 * `isAsked` are put.
 */
export async function searchRuleSets(
  sets: readonly LoadedSet[],
  options: DetectOptions,
  isAsked: (query: RuleQuery) => boolean = () => true,
): Promise<DetectResult> {
  const result: DetectResult = { findings: [], problems: [], notChecked: [], ran: [] };
  for (const { language, set } of sets) {
    options.signal?.throwIfAborted();
    await searchSet(language, set, options, isAsked, result);
  }
  return result;
}

/** The shipped rules of each language, followed by those of the paths. */
export function loadRuleSets(paths: readonly string[]): LoadedSet[] {
  const given = paths.flatMap(readRules);
  return (Object.values(languages) as readonly RuleLanguage[]).flatMap((language) => {
    const own = given.filter(({ path, text }) => languageOf(path, text) === language);
    const files = [...shippedRules(language.id), ...own];
    return files.length === 0 ? [] : [{ language, set: language.load(files, { options: [everySource] }) }];
  });
}

function readRules(path: string): RuleText[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) throw new VakthundError('NOT_FOUND', `the rules "${path}" do not exist`);
  if (stat.isDirectory()) return readRuleFolder(path);
  const file = { path, text: decodeUtf8(readFileSync(path)) };
  if (languageOf(path, file.text) !== undefined) return [file];
  throw new VakthundError('EVIDENCE_READ', `"${path}" is of no known rule language`);
}

function languageOf(path: string, text: string): RuleLanguage | undefined {
  let [best, surest]: [RuleLanguage | undefined, number] = [undefined, 0];
  for (const language of Object.values(languages) as readonly RuleLanguage[]) {
    const sure = language.detect(path, text);
    if (sure > surest) [best, surest] = [language, sure];
  }
  return best;
}

async function searchSet(
  language: RuleLanguage,
  set: RuleSet,
  options: DetectOptions,
  isAsked: (query: RuleQuery) => boolean,
  result: DetectResult,
): Promise<void> {
  for (const file of set.files) for (const problem of file.problems) noteFault(file.path, problem, result.problems);
  const detector = `rules/${language.id}`;
  const isChosen = (rule: Rule): boolean => isSelected(`${detector}/${rule.id}`, options);
  const rules = set.rules.filter((rule) => rule.isEnabled && isChosen(rule));
  options.onProgress({ phase: 'detect', detector, done: 0, total: rules.length });
  const reasons = new Map<string, Rule[]>();
  const questions = await questionsOf(rules, options, isAsked, (rule, why) => {
    const list = reasons.get(why);
    if (list === undefined) reasons.set(why, [rule]);
    else list.push(rule);
  });
  for await (const answer of askRules(questions, options.store, timeCondition(options))) {
    if ('row' in answer) result.findings.push(ruleFinding(language.id, answer, options.networks));
    else {
      const message = messageOf(answer.error);
      options.logger.error({ rule: answer.rule.id, error: message }, 'a rule failed');
      result.problems.push({ code: 'detector-failed', at: {}, message: `${detector}/${answer.rule.id}: ${message}` });
    }
  }
  for (const id of new Set(questions.map(({ rule }) => rule.id))) result.ran.push(`${detector}/${id}`);
  result.notChecked.push(...summary(detector, reasons));
}

/** What each rule asks of events that are there; `leaveOut` is told of rules that ask nothing. */
async function questionsOf(
  rules: readonly Rule[],
  { store }: DetectOptions,
  isAsked: (query: RuleQuery) => boolean,
  leaveOut: (rule: Rule, why: string) => void,
): Promise<RuleQuestion[]> {
  const filter = new QuestionFilter(store);
  const questions: RuleQuestion[] = [];
  for (const rule of rules) {
    const { queries, missing } = rule.search(store.macros);
    const before = questions.length;
    for (const query of queries) {
      if (isAsked(query) && (await filter.canAnswer(query))) questions.push({ rule, query });
    }
    const [reason] = missing;
    if (questions.length > before) continue;
    if (queries.length > 0) leaveOut(rule, 'the evidence has no events of its log source');
    else leaveOut(rule, reason === undefined ? 'nothing to ask' : `${reason.field}: ${reason.why}`);
  }
  return questions;
}

function isSelected(detector: string, { only, skip }: DetectOptions): boolean {
  const names = (id: string): boolean => isDetectorNamed(detector, id);
  return (only.length === 0 || only.some(names)) && !skip.some(names);
}

function noteFault(path: string, fault: RuleSet['files'][number]['problems'][number], problems: Problem[]): void {
  if (fault.severity !== 'error') return;
  const { code, message, line } = fault;
  problems.push({
    code: 'bad-rule',
    at: { path, ...(line === undefined ? {} : { line }) },
    message: `${code}: ${message}`,
  });
}

function summary(detector: string, reasons: ReadonlyMap<string, readonly Rule[]>): NotChecked[] {
  const entries = [...reasons].sort((a, b) => b[1].length - a[1].length);
  const told = entries.slice(0, maxReasons).map(([why, rules]): NotChecked => {
    const [first] = rules;
    const what =
      rules.length === 1 && first !== undefined ? `${detector}/${first.id}` : `${detector}: ${rules.length} rules`;
    return { what, why };
  });
  const rest = entries.slice(maxReasons).reduce((sum, [, rules]) => sum + rules.length, 0);
  return rest === 0
    ? told
    : [...told, { what: `${detector}: ${rest} more rules`, why: 'other reasons; see rules check' }];
}
