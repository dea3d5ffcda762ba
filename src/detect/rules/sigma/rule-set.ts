import type { Severity } from '../../../events/finding.ts';
import { eventFormat } from '../../../match/event-format.ts';
import type { RecordFormat } from '../../../match/record-stream.ts';
import type {
  LoadOptions,
  MissingField,
  Rule,
  RuleFileVerdict,
  RuleProblem,
  RuleRunner,
  RuleSet,
  RuleText,
} from '../rule-language.ts';
import { fewest, reachOf } from '../reach.ts';
import { collectSigma, type ResolvedCorrelation, type SigmaCollection } from './collection.ts';
import { isPipeline } from './detect.ts';
import type { Loaded, LoadedFault } from './loaded.ts';
import type { SigmaCorrelation, SigmaLevel, SigmaRule } from './model.ts';
import { originOf, ruleId } from './origin.ts';
import { reportJson, reportText } from './report.ts';
import { planRule, type RulePlan } from './run/plan.ts';
import { compileRunner, type PlannedCorrelation, type PlannedRule } from './run/runner.ts';
import { searchCorrelation, searchRule } from './run/search.ts';

/**
 * Loads files into rules that can be run. Files are judged one by one, and references between them are followed. A
 * processing pipeline among them is applied to all rules, as those given as configuration are.
 */
export function loadSigma(files: readonly RuleText[], { configuration = [] }: LoadOptions = {}): RuleSet {
  const pipelines = [...configuration, ...files.filter(({ text }) => isPipeline(text))];
  const collection = collectSigma(
    files.filter(({ text }) => !isPipeline(text)),
    pipelines,
  );
  const verdicts = [...configuration, ...files].map((file) => fileVerdict(file, collection.faults));
  const partsOnly = partsOf(collection);
  const rules = collection.rules.map((loaded) => plannedRule(loaded, !partsOnly.has(loaded.document)));
  const correlations = collection.correlations.map((one) => plannedCorrelation(one, !partsOnly.has(one.document)));
  return {
    rules: [...rules, ...correlations].map(({ rule }) => rule),
    files: verdicts,
    text: () => reportText(collection, verdicts),
    json: () => reportJson(collection, verdicts),
    runner: (format) => runnerOf(rules, correlations, format),
  };
}

function runnerOf<R>(
  rules: readonly PlannedRule[],
  correlations: readonly PlannedCorrelation[],
  format: RecordFormat<R>,
): RuleRunner<R> | undefined {
  if (format.id !== eventFormat.id || rules.length === 0) return undefined;
  return compileRunner(rules, correlations, format);
}

/** Rules and correlations that only correlations look at: without `generate` they give no findings of their own. */
function partsOf({ correlations }: SigmaCollection): ReadonlySet<SigmaRule | SigmaCorrelation> {
  const parts = new Set<SigmaRule | SigmaCorrelation>();
  const told = new Set<SigmaRule | SigmaCorrelation>();
  for (const { document, parts: of } of correlations) {
    for (const part of of) (document.generate ? told : parts).add(part.document);
  }
  return parts.difference(told);
}

function plannedRule(loaded: Loaded<SigmaRule>, isTold: boolean): PlannedRule {
  let plan: RulePlan | undefined;
  const planned = (): RulePlan => (plan ??= planRule(loaded.document));
  const { status } = loaded.document;
  const isEnabled = isTold && status !== 'deprecated' && status !== 'unsupported';
  const rule: Rule = {
    ...described(loaded),
    isEnabled,
    origin: originOf(loaded.document.logsource),
    asked: () => planned().questions.filter(({ platform }) => platform !== 'windows'),
    search: (macros) => searchRule(planned(), macros),
    judges: (format, type) => format.id !== eventFormat.id || isAsked(planned(), type),
    missing: (format, type) => missingOf(planned(), format, type),
    untold: () => untoldIn(planned()),
  };
  return {
    get plan() {
      return planned();
    },
    rule,
    isTold: isEnabled,
  };
}

function plannedCorrelation(correlation: ResolvedCorrelation, isTold: boolean): PlannedCorrelation {
  const rule: Rule = {
    ...described(correlation),
    isEnabled: isTold,
    origin: correlation.document.type,
    search: (macros) => searchCorrelation(correlation, macros),
    missing: (format) => missingIn(format, []),
  };
  return { correlation, rule };
}

/** Whether a rule asks events of a kind; one that asks none is answered for any, with why. */
function isAsked({ questions }: RulePlan, type: string): boolean {
  return questions.length === 0 || questions.some(({ kind }) => kind === type);
}

/** Why a rule can never be true on events: of each kind that it asks, the fields that none of them has. */
function missingOf<R>(plan: RulePlan, format: RecordFormat<R>, type: string | undefined): readonly MissingField[] {
  if (format.id !== eventFormat.id || plan.questions.length === 0) return missingIn(format, plan.missing);
  const asked = plan.questions.filter(({ kind }) => type === undefined || kind === type);
  if (asked.length === 0) {
    return [
      { field: `logsource ${originOf(plan.rule.logsource)}`, why: `events of kind ${type ?? ''} are none of it` },
    ];
  }
  const lacking: (readonly MissingField[])[] = [];
  for (const { condition } of asked) {
    const reach = reachOf(condition, (field) => format.resolver.field(field));
    if (reach.condition.kind !== 'never') return [];
    lacking.push(reach.missing.map(({ field, why }) => ({ field: field.replace(/^fields\[(.*)\]$/s, '$1'), why })));
  }
  return fewest(lacking);
}

/**
 * Log sources with a category have fields by Sigma's taxonomy: another one is most likely misspelt.
 * Records of other logs, and of Windows, have what they have.
 */
function untoldIn({ rule, missing, asMembers }: RulePlan): readonly MissingField[] {
  const { category, product } = rule.logsource;
  if (category === undefined || product === 'windows') return missing;
  const why = 'no column stands for it, only a member of just that name in a record';
  return [...missing, ...asMembers.map((field) => ({ field, why }))];
}

function missingIn<R>(format: RecordFormat<R>, missing: readonly MissingField[]): readonly MissingField[] {
  if (format.id === eventFormat.id) return missing;
  return [{ field: format.id, why: 'Sigma rules judge events, not the records of this format' }];
}

function fileVerdict({ path }: RuleText, faults: readonly LoadedFault[]): RuleFileVerdict {
  const own = faults.filter((fault) => fault.path === path);
  const problems = own.map(({ severity, error, title }): RuleProblem => ({
    severity,
    code: error.code,
    message: error.message,
    line: error.at.line,
    ...(title === undefined ? {} : { rule: title }),
  }));
  return { path, isOk: problems.every((problem) => problem.severity === 'warning'), problems };
}

const severities: Readonly<Record<SigmaLevel, Severity>> = {
  informational: 'info',
  low: 'low',
  medium: 'medium',
  high: 'high',
  critical: 'critical',
};

function described({ document, path }: Loaded): Omit<Rule, 'isEnabled' | 'origin' | 'search' | 'missing'> {
  return {
    id: ruleId(document),
    title: document.title,
    description: document.description ?? '',
    severity: document.level === undefined ? 'medium' : severities[document.level],
    attack: techniquesOf(document.tags),
    tags: document.tags,
    path,
    line: document.at.line,
  };
}

/** `attack.t1059.004` to `T1059.004`; tactics and other namespaces are left out. */
function techniquesOf(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => {
    const technique = /^attack\.(?<id>t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.groups?.['id'];
    return technique === undefined ? [] : [technique.toUpperCase()];
  });
}
