import { readYaml, type YamlDocument, type YamlNode, type YamlPlace } from '../../../../base/yaml-tree.ts';
import { nameOf, parentOf, type FileTree } from '../../../tree/tree.ts';
import { readDocuments } from '../read-input.ts';
import type { SceneParts } from '../scene-parts.ts';
import { readChart } from './chart.ts';
import { mayBePackedChart, PackedChart } from './packed-chart.ts';
import { renderChart, type RenderedTemplate } from './render-chart.ts';
import type { Dictionary } from './value.ts';

/** Charts in one folder that is looked at. */
const maxCharts = 500;

/** The charts of Helm that a walk comes by, whose files are not read as they stand: templates are no YAML yet. */
export class Charts {
  readonly #tree: FileTree;
  readonly #folders = new Set<string>();
  readonly #packed: string[] = [];

  constructor(tree: FileTree) {
    this.#tree = tree;
  }

  /** Whether a file belongs to a chart, or is one that is packed. `Chart.yaml` comes before the folders beside it in the order of names. */
  takes(path: string): boolean {
    const folder = parentOf(path);
    const isInside = this.#isOfChart(path);
    if (isInside) return true;
    const isFull = this.#folders.size + this.#packed.length >= maxCharts;
    if (mayBePackedChart(path) && !isFull && PackedChart.open(this.#tree, path) !== undefined) {
      this.#packed.push(path);
      return true;
    }
    if (nameOf(path) !== 'Chart.yaml') return false;
    if (!isFull) this.#folders.add(folder);
    return true;
  }

  /** Templates, values and inner charts; what else stands in a chart is read as anywhere. */
  #isOfChart(path: string): boolean {
    for (let folder = parentOf(path); ; folder = parentOf(folder)) {
      const inside = folder === '/' ? path : path.slice(folder.length);
      if (this.#folders.has(folder)) return /^\/(?:templates\/|charts\/|values[^/]*\.ya?ml$|Chart\.lock$)/.test(inside);
      if (folder === '/') return false;
    }
  }

  /** Renders all of them, and reads what they would install. `over` changes their values. */
  read(over: Dictionary, parts: SceneParts): void {
    for (const folder of this.#folders) readOne(this.#tree, folder, over, parts);
    for (const path of this.#packed) {
      const packed = PackedChart.open(this.#tree, path);
      if (packed !== undefined) readOne(packed, packed.folder, over, parts);
    }
  }
}

function readOne(tree: FileTree, folder: string, over: Dictionary, parts: SceneParts): void {
  const problem = parts.problems.add.bind(parts.problems);
  const chart = readChart(tree, folder, problem);
  if (chart === undefined) return;
  for (const template of renderChart(chart, over, problem)) readRendered(template, parts);
}

const maxYamlBytes = 2 ** 22;

function readRendered(template: RenderedTemplate, parts: SceneParts): void {
  const { path, text } = template;
  const lineOf = (line: number): number => template.lineOf(line);
  if (text.trim() === '') return;
  const documents = readYaml(text, { maxBytes: maxYamlBytes, duplicateKeys: 'first' });
  readDocuments(
    path,
    documents.map((document) => onLines(document, lineOf)),
    parts,
  );
}

/** A document with the lines of the template that it was made by. */
function onLines(document: YamlDocument, lineOf: (line: number) => number): YamlDocument {
  const moved = (at: YamlPlace): YamlPlace => ({ ...at, line: lineOf(at.line) });
  const move = (node: YamlNode): YamlNode => {
    if (node.kind === 'scalar') return { ...node, at: moved(node.at) };
    if (node.kind === 'list') return { ...node, at: moved(node.at), items: node.items.map(move) };
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { key, keyAt: moved(entry.keyAt), value: move(entry.value) }] as const,
    );
    return { ...node, at: moved(node.at), entries: new Map(entries) };
  };
  if ('fault' in document) return { fault: { ...document.fault, at: moved(document.fault.at) } };
  return { root: move(document.root) };
}
