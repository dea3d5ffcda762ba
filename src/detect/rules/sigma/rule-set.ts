import type { Severity } from '../../../events/finding.ts';
import type { Rule, RuleFileVerdict, RuleProblem, RuleSet, RuleText } from '../rule-language.ts';
import { collectSigma, type SigmaCollection } from './collection.ts';
import type { Loaded, LoadedFault } from './loaded.ts';
import type { SigmaLevel } from './model.ts';
import { originOf, ruleId } from './origin.ts';
import { reportJson, reportText } from './report.ts';

/** Loads files into rules that can be run. Files are judged one by one, and references between them are followed. */
export function loadSigma(files: readonly RuleText[]): RuleSet {
  const collection = collectSigma(files);
  const verdicts = files.map((file) => fileVerdict(file, collection.faults));
  return {
    rules: rulesOf(collection),
    files: verdicts,
    text: () => reportText(collection, verdicts),
    json: () => reportJson(collection, verdicts),
    runner: () => undefined,
  };
}

function rulesOf(collection: SigmaCollection): Rule[] {
  const all: readonly Loaded[] = [...collection.rules, ...collection.correlations];
  return all.map((loaded) => ruleOf(loaded));
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

function ruleOf({ document, path }: Loaded): Rule {
  return {
    id: ruleId(document),
    title: document.title,
    description: document.description ?? '',
    severity: document.level === undefined ? 'medium' : severities[document.level],
    attack: techniquesOf(document.tags),
    tags: document.tags,
    isEnabled: document.status !== 'deprecated' && document.status !== 'unsupported',
    origin: document.kind === 'rule' ? originOf(document.logsource) : document.type,
    path,
    line: document.at.line,
    search: () => ({ queries: [], missing: [] }),
    missing: () => [],
  };
}

/** `attack.t1059.004` to `T1059.004`; tactics and other namespaces are left out. */
function techniquesOf(tags: readonly string[]): string[] {
  return tags.flatMap((tag) => {
    const technique = /^attack\.(?<id>t\d{4}(?:\.\d{3})?)$/i.exec(tag)?.groups?.['id'];
    return technique === undefined ? [] : [technique.toUpperCase()];
  });
}
