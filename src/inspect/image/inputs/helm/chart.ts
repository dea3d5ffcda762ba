import { messageOf } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { childOf, nameOf, walkTree, type FileTree } from '../../../tree/tree.ts';
import type { Budget } from './budget.ts';
import { valueOfYaml } from './from-yaml.ts';
import { mayBePackedChart, PackedChart } from './packed-chart.ts';
import { isTrue, mergeValues, type Dictionary, type Value } from './value.ts';

/** A chart of Helm in a folder, with the charts in it. */
export interface Chart {
  /** Where its files stand: a packed chart is a tree of its own. */
  readonly tree: FileTree;
  readonly folder: string;
  /** What the chart is called by the one around it. */
  readonly name: string;
  /** `Chart.yaml`. */
  readonly metadata: Dictionary;
  readonly values: Dictionary;
  /** Text by path in the tree. */
  readonly templates: ReadonlyMap<string, string>;
  readonly charts: readonly Chart[];
}

const maxFileBytes = 2 ** 20;
/** Definitions of an operator's own objects have more than 1 MiB. */
const maxTemplateBytes = 2 ** 22;
const maxTemplates = 2000;
const maxTemplatesBytes = 2 ** 27;
/** Charts inside one another. */
const maxChartDepth = 5;

/** Reads the chart in a folder. What is broken in it is a problem; undefined when `Chart.yaml` is. */
export function readChart(
  tree: FileTree,
  folder: string,
  problem: (problem: Problem) => void,
  depth = 0,
): Chart | undefined {
  const metadata = readDictionary(tree, childOf(folder, 'Chart.yaml'), problem);
  const name = metadata?.get('name');
  if (metadata === undefined || typeof name !== 'string') return undefined;
  const values = readDictionary(tree, childOf(folder, 'values.yaml'), problem) ?? new Map<string, Value>();
  const templates = new Map<string, string>();
  let length = 0;
  for (const { type, path } of walkTree(tree, childOf(folder, 'templates'))) {
    if (type !== 'file' || !/\.(?:ya?ml|tpl|txt|json)$/.test(path)) continue;
    if (templates.size >= maxTemplates || length >= maxTemplatesBytes) {
      const message = `more than ${maxTemplates} templates in a chart, or ${maxTemplatesBytes} bytes`;
      problem({ code: 'limit-reached', at: { path }, message });
      break;
    }
    const bytes = tree.read(path, maxTemplateBytes + 1);
    if (bytes === undefined) continue;
    length += bytes.length;
    if (bytes.length <= maxTemplateBytes) templates.set(path, bytes.toString('utf8').replaceAll('\r\n', '\n'));
    else problem({ code: 'limit-reached', at: { path }, message: 'the template is too large, and was not rendered' });
  }
  const charts = depth >= maxChartDepth ? [] : chartsBelow(tree, childOf(folder, 'charts'), problem, depth);
  return { tree, folder, name, metadata, values, templates, charts };
}

function chartsBelow(tree: FileTree, folder: string, problem: (problem: Problem) => void, depth: number): Chart[] {
  return tree.list(folder).flatMap(({ type, path }) => {
    if (type === 'directory') return readChart(tree, path, problem, depth + 1) ?? [];
    if (!mayBePackedChart(path)) return [];
    const packed = PackedChart.open(tree, path);
    if (packed !== undefined) return readChart(packed, packed.folder, problem, depth + 1) ?? [];
    problem({ code: 'bad-record', at: { path }, message: 'it is no packed chart, or too large to be one' });
    return [];
  });
}

/** A YAML file that is a map; an empty or absent one is none. */
function readDictionary(tree: FileTree, path: string, problem: (problem: Problem) => void): Dictionary | undefined {
  const bytes = tree.stat(path)?.type === 'file' ? tree.read(path, maxFileBytes) : undefined;
  if (bytes === undefined) return undefined;
  try {
    const value = valueOfYaml(bytes.toString('utf8'));
    if (value instanceof Map) return value;
    if (value !== null) problem({ code: 'bad-record', at: { path }, message: `${nameOf(path)} holds no map` });
  } catch (error) {
    problem({ code: 'bad-record', at: { path }, message: messageOf(error) });
  }
  return undefined;
}

/** The charts in a chart that its values switch on, each with the values that it is to have. */
export function enabledCharts(
  chart: Chart,
  values: Dictionary,
  budget: Budget,
): readonly { readonly chart: Chart; readonly values: Dictionary }[] {
  const dependencies = chart.metadata.get('dependencies');
  const wanted = (Array.isArray(dependencies) ? dependencies : []).filter((one) => one instanceof Map);
  return chart.charts.flatMap((inner) => {
    const dependency = wanted.find((one) => one.get('name') === inner.name);
    const condition = dependency?.get('condition');
    if (typeof condition === 'string' && !isSwitchedOn(condition, values)) return [];
    const alias = dependency?.get('alias');
    const name = typeof alias === 'string' ? alias : inner.name;
    const over = values.get(name);
    const global = values.get('global');
    let own = over instanceof Map ? mergeValues(inner.values, over, budget) : inner.values;
    if (global instanceof Map) own = mergeValues(own, new Map([['global', global]]), budget);
    return [{ chart: { ...inner, name }, values: own }];
  });
}

/** The first path of a condition that is there decides; with none of them the chart is on. */
function isSwitchedOn(condition: string, values: Dictionary): boolean {
  for (const path of condition.split(',')) {
    let value: Value = values;
    for (const key of path.trim().split('.')) value = value instanceof Map ? (value.get(key) ?? null) : null;
    if (value !== null) return isTrue(value);
  }
  return true;
}
