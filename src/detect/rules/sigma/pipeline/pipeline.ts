import type { RuleText } from '../../rule-language.ts';
import { readYaml, type YamlMap } from '../../../../base/yaml-tree.ts';
import { collect, SigmaError } from '../error.ts';
import type { LoadedFault } from '../loaded.ts';
import type { SigmaCorrelation, SigmaRule } from '../model.ts';
import { readMap, readText, readTexts } from '../read/attributes.ts';
import { code } from './read.ts';
import type { Processed } from './rule-conditions.ts';
import { newState } from './state.ts';
import { readStep, runSteps, type Step } from './steps.ts';
import type { Variables } from './transformation.ts';

/** A processing pipeline in pySigma's YAML form: https://sigmahq-pysigma.readthedocs.io/en/latest/Processing_Pipelines.html */
export interface Pipeline {
  readonly name: string;
  readonly priority: number;
  readonly steps: readonly Step[];
}

const known: ReadonlySet<string> = new Set(
  'name priority vars transformations allowed_backends postprocessing finalizers'.split(' '),
);

/** Reads pipeline files; in the order of their priority, small ones first. */
export function readPipelines(files: readonly RuleText[], faults: LoadedFault[]): Pipeline[] {
  const pipelines = files.flatMap(({ path, text }) => {
    const errors: SigmaError[] = [];
    const warn = (error: SigmaError): unknown => faults.push({ severity: 'warning', error, path, title: undefined });
    const pipeline = collect(errors, () => readPipeline(text, warn));
    for (const error of errors) faults.push({ severity: 'error', error, path, title: undefined });
    return pipeline === undefined ? [] : [pipeline];
  });
  return pipelines.sort((a, b) => a.priority - b.priority);
}

function readPipeline(text: string, warn: (error: SigmaError) => void): Pipeline {
  const start = { line: 1, column: 1, offset: 0 };
  const [document] = readYaml(text);
  if (document === undefined) throw new SigmaError(code, 'the pipeline is empty', start);
  if ('fault' in document) throw new SigmaError('SigmaYamlError', document.fault.message, document.fault.at);
  const { root } = document;
  if (root.kind !== 'map') throw new SigmaError(code, 'the pipeline is no map', root.at);
  const odd = [...root.entries.values()].find(({ key }) => !known.has(key));
  if (odd !== undefined) throw new SigmaError(code, `a pipeline cannot have "${odd.key}"`, odd.keyAt);
  for (const { key, keyAt } of root.entries.values()) {
    if (key !== 'postprocessing' && key !== 'finalizers') continue;
    warn(
      new SigmaError(code, `"${key}" is left out: it changes the text of queries, and rules become none here`, keyAt),
    );
  }
  const priority = Number(readText(root, 'priority', code) ?? 0);
  const variables = readVariables(root);
  const list = root.entries.get('transformations')?.value;
  const items = list?.kind === 'list' ? list.items : [];
  return {
    name: readText(root, 'name', code) ?? '',
    priority: Number.isFinite(priority) ? priority : 0,
    steps: items.map((item) => {
      if (item.kind !== 'map') throw new SigmaError(code, 'a transformation must be a map', item.at);
      return readStep(item, variables);
    }),
  };
}

/** `vars`: lists of values by name, for placeholders. */
function readVariables(root: YamlMap): Variables {
  if (!root.entries.has('vars')) return new Map();
  const map = readMap(root, 'vars', code);
  return new Map([...map.entries.keys()].map((name) => [name, readTexts(map, name, code)] as const));
}

/** Takes a rule through all pipelines. Throws a `SigmaError` when one refuses it. */
export function processRule(rule: SigmaRule, pipelines: readonly Pipeline[]): SigmaRule {
  const { document } = process({ document: rule, rules: [rule] }, pipelines);
  return document.kind === 'rule' ? document : rule;
}

/** The same for a correlation of `rules`, which went through them before. */
export function processCorrelation(
  correlation: SigmaCorrelation,
  rules: readonly SigmaRule[],
  pipelines: readonly Pipeline[],
): SigmaCorrelation {
  const { document } = process({ document: correlation, rules }, pipelines);
  return document.kind === 'correlation' ? document : correlation;
}

function process(subject: Processed, pipelines: readonly Pipeline[]): Processed {
  const steps = pipelines.flatMap((pipeline) => pipeline.steps);
  return runSteps(subject, steps, newState());
}
