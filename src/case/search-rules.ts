import { statSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { decodeUtf8 } from '../base/bytes.ts';
import { messageOf, VakthundError } from '../base/errors.ts';
import { ruleFinding } from '../detect/rules/rule-findings.ts';
import { languages } from '../detect/rules/registry.generated.ts';
import type { MissingField, Rule, RuleLanguage, RuleQuery, RuleSet, RuleText } from '../detect/rules/rule-language.ts';
import { askRules, QuestionFilter } from '../detect/rules/rule-matches.ts';
import type { RuleQuestion } from '../detect/rules/rule-question.ts';
import { readRuleFolder, shippedRules } from '../detect/rules/shipped.ts';
import { isDetectorNamed } from '../events/detector-id.ts';
import type { DetectOptions, DetectResult } from './detect.ts';
import { everySource } from './every-source.ts';
import { NotAsked } from './not-asked.ts';
import { faultsOf } from './rule-faults.ts';
import type { LoadedSet } from './run-rules.ts';
import { timeCondition } from './time-condition.ts';

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
  return loadSets(paths, (language) => shippedRules(language.id));
}

/** The rules of files and of folders of them, by language. Throws for a file that is of none. */
export function loadSets(
  paths: readonly string[],
  before: (language: RuleLanguage) => readonly RuleText[] = () => [],
): LoadedSet[] {
  const given = Map.groupBy(paths.flatMap(readRules), ({ path, text }) => languageOf(path, text));
  return (Object.values(languages) as readonly RuleLanguage[]).flatMap((language) => {
    const files = [...before(language), ...(given.get(language) ?? [])];
    return files.length === 0 ? [] : [{ language, set: loadKept(language, files) }];
  });
}

/** Falco's own way is to let only the first rule that matches speak: those that are shipped would hide the user's. */
const everyMatch = [everySource, 'rule_matching=all'];

/** By language the rules that were loaded last, with their texts. */
const lastLoaded = new Map<RuleLanguage, { readonly files: readonly RuleText[]; readonly set: RuleSet }>();

/** A watch judges by the same rules again and again, which take longer to load than to ask. */
function loadKept(language: RuleLanguage, files: readonly RuleText[]): RuleSet {
  const kept = lastLoaded.get(language);
  if (kept !== undefined && isDeepStrictEqual(kept.files, files)) return kept.set;
  const set = loadSound(language, files);
  lastLoaded.set(language, { files, set });
  return set;
}

/** A language may let one file with an error spoil all rules, as Falco does: here the others stand, and the error is told. */
function loadSound(language: RuleLanguage, files: readonly RuleText[]): RuleSet {
  const load = (some: readonly RuleText[]): RuleSet => language.load(some, { options: everyMatch });
  const all = load(files);
  const bad = new Set(all.files.filter(({ isOk }) => !isOk).map(({ path }) => path));
  if (all.rules.length > 0 || bad.size === 0) return all;
  return { ...load(files.filter(({ path }) => !bad.has(path))), files: all.files };
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
  result.problems.push(...faultsOf(set));
  const detector = `rules/${language.id}`;
  const isChosen = (rule: Rule): boolean => isSelected(`${detector}/${rule.id}`, options);
  const rules = set.rules.filter((rule) => rule.isEnabled && isChosen(rule));
  options.onProgress({ phase: 'detect', detector, done: 0, total: rules.length });
  const notAsked = new NotAsked();
  const questions = await questionsOf(rules, options, isAsked, (rule, missing) =>
    notAsked.add(detector, rule, missing),
  );
  for await (const answer of askRules(questions, options.store, timeCondition(options))) {
    if ('row' in answer) result.findings.push(ruleFinding(language.id, answer, options.networks));
    else {
      // Whoever stops it is told once that it was stopped, not of each question that was under way.
      options.signal?.throwIfAborted();
      const message = messageOf(answer.error);
      options.logger.error({ rule: answer.rule.id, error: message }, 'a rule failed');
      result.problems.push({ code: 'detector-failed', at: {}, message: `${detector}/${answer.rule.id}: ${message}` });
    }
  }
  for (const id of new Set(questions.map(({ rule }) => rule.id))) result.ran.push(`${detector}/${id}`);
  result.notChecked.push(...notAsked.told());
}

/** What each rule asks of events that are there; `leaveOut` is told of rules that ask nothing. */
async function questionsOf(
  rules: readonly Rule[],
  { store }: DetectOptions,
  isAsked: (query: RuleQuery) => boolean,
  leaveOut: (rule: Rule, missing: MissingField | undefined) => void,
): Promise<RuleQuestion[]> {
  const filter = new QuestionFilter(store);
  const questions: RuleQuestion[] = [];
  for (const rule of rules) {
    const { queries, missing } = rule.search(store.macros);
    const before = questions.length;
    for (const query of queries) {
      if (isAsked(query) && (await filter.canAnswer(query))) questions.push({ rule, query });
    }
    if (questions.length > before) continue;
    leaveOut(rule, queries.length > 0 ? undefined : missing[0]);
  }
  return questions;
}

function isSelected(detector: string, { only, skip }: DetectOptions): boolean {
  const names = (id: string): boolean => isDetectorNamed(detector, id);
  return (only.length === 0 || only.some(names)) && !skip.some(names);
}
