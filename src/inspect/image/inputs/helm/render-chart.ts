import { messageOf } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { childOf, nameOf, type FileTree } from '../../../tree/tree.ts';
import { Budget, BudgetError } from './budget.ts';
import { enabledCharts, type Chart } from './chart.ts';
import { Execution, type Templates } from './execute.ts';
import { collectionFunctions } from './functions/collections.ts';
import { helmFunctions } from './functions/helm.ts';
import { logicFunctions } from './functions/logic.ts';
import { numberFunctions } from './functions/numbers.ts';
import { stringFunctions } from './functions/strings.ts';
import { TemplateError } from './lex.ts';
import { Output } from './output.ts';
import { parseTemplate, type ParsedTemplate, type TemplateNode } from './parse.ts';
import { mergeValues, toText, type Dictionary, type Value } from './value.ts';

/** What one template made. */
export interface RenderedTemplate {
  readonly path: string;
  readonly text: string;
  /** The line of the template that a line of the text came from; both count from 1. */
  lineOf(line: number): number;
}

const functions = new Map(
  Object.entries({
    ...stringFunctions,
    ...logicFunctions,
    ...numberFunctions,
    ...collectionFunctions,
    ...helmFunctions,
  }),
);

/**
 * What a chart would install, the way `helm template` writes it: with its own values, what `over` changes in them, and a release that is
 * called like the documentation's. A template that cannot be rendered is a problem, and the others are rendered.
 */
export function renderChart(chart: Chart, over: Dictionary, problem: (problem: Problem) => void): RenderedTemplate[] {
  const budget = new Budget();
  const parsed = new Map<string, ParsedTemplate>();
  const named = new Map<string, readonly TemplateNode[]>();
  parseAll(chart, parsed, named, problem);
  const rendered: RenderedTemplate[] = [];
  try {
    const values = mergeValues(chart.values, over, budget);
    renderAll({ chart, values, budget, parsed, named, problem, rendered });
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error;
    problem({
      code: 'limit-reached',
      at: { path: chart.folder },
      message: `${error.message}; the rest is not rendered`,
    });
  }
  return rendered;
}

/** The templates of a chart count before those of the charts in it. */
function parseAll(
  chart: Chart,
  parsed: Map<string, ParsedTemplate>,
  named: Map<string, readonly TemplateNode[]>,
  problem: (problem: Problem) => void,
): void {
  for (const inner of chart.charts) parseAll(inner, parsed, named, problem);
  for (const [path, text] of chart.templates) {
    try {
      const template = parseTemplate(text);
      parsed.set(path, template);
      for (const [name, nodes] of template.defined) named.set(name, nodes);
    } catch (error) {
      problem(problemOf(path, error));
    }
  }
}

interface Rendering {
  readonly chart: Chart;
  readonly values: Dictionary;
  readonly budget: Budget;
  readonly parsed: ReadonlyMap<string, ParsedTemplate>;
  readonly named: ReadonlyMap<string, readonly TemplateNode[]>;
  readonly problem: (problem: Problem) => void;
  readonly rendered: RenderedTemplate[];
}

function renderAll(rendering: Rendering): void {
  const { chart, values, budget, rendered } = rendering;
  for (const inner of enabledCharts(chart, values, budget)) renderAll({ ...rendering, ...inner });
  if (chart.metadata.get('type') === 'library') return;
  for (const path of chart.templates.keys()) {
    const body = rendering.parsed.get(path)?.body;
    if (body === undefined || !isManifest(chart, path)) continue;
    const output = renderOne(rendering, path, body);
    if (output !== undefined) rendered.push({ path, text: output.text, lineOf: (line) => output.lineOf(line) });
  }
}

/** Helpers begin with `_`, notes are for people, and tests run only when somebody asks for them. */
function isManifest({ folder }: Chart, path: string): boolean {
  return (
    !nameOf(path).startsWith('_') &&
    !path.endsWith('.tpl') &&
    !path.endsWith('.txt') &&
    !path.startsWith(childOf(folder, 'templates/tests/'))
  );
}

function renderOne(
  { chart, values, budget, named, problem }: Rendering,
  path: string,
  body: readonly TemplateNode[],
): Output | undefined {
  const missing = (message: string): void =>
    problem({
      code: 'partly-seen',
      at: { path },
      message: `a value must be given: ${message}`,
      hint: 'see `--helm-values`',
    });
  const templates: Templates = { functions, named, budget, missing };
  const output = new Output(budget);
  try {
    new Execution(templates, () => new Output(budget)).run(body, rootOf(chart, values, path, budget), output);
    return output;
  } catch (error) {
    if (error instanceof BudgetError) throw error;
    problem(problemOf(path, error));
    return undefined;
  }
}

/** Everything but what was not written for templates says its line; the stack may overflow too. */
function problemOf(path: string, error: unknown): Problem {
  const at = error instanceof TemplateError ? { path, line: error.line } : { path };
  return { code: 'unsupported', at, message: `the template cannot be rendered: ${messageOf(error)}` };
}

const kubernetesVersion = 'v1.34.0';

/** What `.` is at the start: values, the chart, the release, what the cluster can do. */
function rootOf(chart: Chart, values: Dictionary, path: string, budget: Budget): Dictionary {
  const version: Dictionary = new Map([
    ['Version', kubernetesVersion],
    ['GitVersion', kubernetesVersion],
    ['Major', '1'],
    ['Minor', '34'],
  ]);
  return new Map<string, Value>([
    ['Values', values],
    [
      'Chart',
      new Map([...chart.metadata].map(([key, value]) => [key.slice(0, 1).toUpperCase() + key.slice(1), value])),
    ],
    [
      'Release',
      new Map<string, Value>([
        ['Name', 'release-name'],
        ['Namespace', 'default'],
        ['Service', 'Helm'],
        ['IsInstall', true],
        ['IsUpgrade', false],
        ['Revision', 1],
      ]),
    ],
    [
      'Capabilities',
      new Map<string, Value>([
        ['KubeVersion', version],
        ['APIVersions', new Map([['Has', ([name]: readonly Value[]) => isBuiltIn(toText(name ?? null, budget))]])],
        ['HelmVersion', new Map([['Version', 'v3.19.0']])],
      ]),
    ],
    [
      'Template',
      new Map([
        ['Name', path],
        ['BasePath', childOf(chart.folder, 'templates')],
      ]),
    ],
    ['Files', filesOf(chart.tree, chart.folder, budget)],
    ['Subcharts', new Map()],
  ]);
}

/** Groups of a cluster without extensions. */
function isBuiltIn(name: string): boolean {
  return (
    /^(?:v1|(?:apps|batch|policy|autoscaling|[a-z.]+\.k8s\.io)\/v[1-9])(?:\/|$)/.test(name) &&
    !/snapshot|metrics/.test(name)
  );
}

const maxFileBytes = 2 ** 20;

/** Files of the chart. Patterns of them find nothing: what they would put in are configurations of programs. */
function filesOf(tree: FileTree, folder: string, budget: Budget): Dictionary {
  const read = ([name]: readonly Value[]): string => {
    const path = toText(name ?? null, budget);
    const isInside = path !== '' && !path.startsWith('/') && !path.split('/').includes('..');
    return isInside ? budget.text(tree.read(childOf(folder, path), maxFileBytes)?.toString('utf8') ?? '') : '';
  };
  const nothing: Dictionary = new Map<string, Value>([
    ['AsConfig', () => '{}'],
    ['AsSecrets', () => '{}'],
  ]);
  return new Map<string, Value>([
    ['Get', read],
    ['GetBytes', read],
    ['Lines', (args) => read(args).split('\n')],
    ['Glob', () => nothing],
    ...nothing,
  ]);
}
