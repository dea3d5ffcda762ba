import { messageOf } from '../../../../base/errors.ts';
import { fieldOf, textOf } from '../yaml-nodes.ts';
import type { Problem } from '../../../../base/problem.ts';
import { readYaml, type YamlNode } from '../../../../base/yaml-tree.ts';
import { childOf, normalPath, parentOf, type FileTree } from '../../../tree/tree.ts';
import { itemsOf, type BuiltObject } from './built-object.ts';
import { generate } from './generate.ts';
import { applyPatches } from './patches.ts';
import { applyReplacements } from './replacements.ts';
import { transform } from './transform.ts';

export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const maxFileBytes = 2 ** 20;
/** Kustomizations that name one another. */
const maxDepth = 16;
/** Files that are read for all builds together, and objects of one of them: kustomizations may name one another without end. */
const maxReads = 5000;
const maxObjects = 10_000;
/** What patches and replacements make of copies for all builds together, in nodes. */
const maxCopied = 1_000_000;
/** Parts that change what is built and are run by Kustomize, or need another program. */
const notBuilt = ['helmCharts', 'helmChartInflationGenerator', 'generators', 'transformers', 'vars'];

/** Builds what kustomizations would install, and notes which files took part. */
export class Builder {
  /** Files that took part. */
  readonly named = new Set<string>();
  #readsLeft = maxReads;
  #copiesLeft = maxCopied;
  readonly #tree: FileTree;
  readonly #problem: (problem: Problem) => void;
  /** Kustomizations that are being built: each is a part of the one before. */
  readonly #open: string[] = [];
  /** What closes a circle: a kustomization and the one that it names. */
  readonly #closed = new Set<string>();
  readonly #roots = new Map<string, YamlNode | undefined>();

  constructor(tree: FileTree, problem: (problem: Problem) => void) {
    this.#tree = tree;
    this.#problem = problem;
  }

  /** The kustomizations that one is made of. */
  partsOf(file: string): string[] {
    const quiet = new Builder(this.#tree, () => undefined);
    const root = quiet.#rootOf(file);
    return ['resources', 'bases', 'components']
      .flatMap((key) => itemsOf(root, key))
      .flatMap((name) => this.#kustomizationIn(normalPath(childOf(parentOf(file), textOf(name) ?? ''))) ?? []);
  }

  /** The objects of a kustomization; of a component, those that it is put over, as it changes them. */
  build(file: string, below: readonly BuiltObject[] = []): readonly BuiltObject[] {
    if (this.#isCircle(file)) return below;
    const root = this.#rootOf(file);
    if (root === undefined) return below;
    this.#open.push(file);
    const objects = this.#built(root, file, below);
    this.#open.pop();
    return objects;
  }

  #built(root: YamlNode, file: string, below: readonly BuiltObject[]): readonly BuiltObject[] {
    const folder = parentOf(file);
    const names = ['resources', 'bases'].flatMap((key) => itemsOf(root, key));
    let objects: readonly BuiltObject[] = [
      ...below,
      ...names.flatMap((name) => this.#resource(file, folder, textOf(name))),
    ];
    if (objects.length > maxObjects) {
      this.#problem({ code: 'limit-reached', at: { path: file }, message: `more than ${maxObjects} objects` });
      objects = objects.slice(0, maxObjects);
    }
    const missing = (what: string): void => this.#missing(file, what);
    const readText = (name: string): string | undefined => this.#text(file, normalPath(childOf(folder, name)), name);
    objects = generate(root, file, objects, { readText, missing });
    for (const item of itemsOf(root, 'components')) {
      const component = this.#kustomizationIn(normalPath(childOf(folder, textOf(item) ?? '')));
      if (component === undefined || this.#open.length > maxDepth) this.#missing(file, textOf(item) ?? '');
      else objects = this.build(component, objects);
    }
    for (const part of notBuilt) if (fieldOf(root, part) !== undefined) this.#missing(file, part);
    const context = {
      documents: (name: string) => this.#documents(normalPath(childOf(folder, name))),
      parse: (text: string) => this.#parse(text, file),
      missing,
      mayCopy: (size: number) => this.#mayCopy(file, size),
    };
    return applyReplacements(root, transform(root, applyPatches(root, objects, context)), context);
  }

  /** A circle is told once for the kustomization that closes it, with all its files. */
  #isCircle(file: string): boolean {
    const start = this.#open.indexOf(file);
    if (start < 0) return false;
    const last = this.#open.at(-1) ?? file;
    if (!this.#closed.has(`${last}\n${file}`)) {
      const message = `kustomizations that are made of one another: ${[...this.#open.slice(start), file].join(', ')}`;
      this.#problem({ code: 'bad-record', at: { path: last }, message });
    }
    this.#closed.add(`${last}\n${file}`);
    return true;
  }

  #resource(file: string, folder: string, name: string | undefined): readonly BuiltObject[] {
    if (name === undefined) return [];
    const isRemote = /^[a-z+]+:\/\/|^git@|^github\.com\//.test(name);
    const path = normalPath(childOf(folder, name));
    const inner = isRemote ? undefined : this.#kustomizationIn(path);
    if (inner !== undefined && this.#open.length <= maxDepth) return this.build(inner);
    if (isRemote || inner !== undefined || this.#tree.stat(path)?.type !== 'file') {
      this.#missing(file, name);
      return [];
    }
    return this.#documents(path).map((root) => ({ path, root, earlierNames: [] }));
  }

  #kustomizationIn(folder: string): string | undefined {
    const found = kustomizationNames.find((name) => this.#tree.stat(childOf(folder, name))?.type === 'file');
    return found === undefined ? undefined : childOf(folder, found);
  }

  #missing(file: string, name: string): void {
    const message = `${JSON.stringify(name.slice(0, 200))} is not here, or not built: nothing is fetched or run`;
    this.#problem({ code: 'partly-seen', at: { path: file }, message });
  }

  /** Text of a file that a generator of `file` names. */
  #text(file: string, path: string, name: string): string | undefined {
    const text = this.#bytes(path)?.toString('utf8');
    if (text === undefined) this.#missing(file, name);
    return text;
  }

  #mayRead(path: string): boolean {
    if (this.#readsLeft === 0) return false;
    if (--this.#readsLeft === 0) {
      this.#problem({ code: 'limit-reached', at: { path }, message: `more than ${maxReads} files of kustomizations` });
    }
    return true;
  }

  #mayCopy(path: string, size: number): boolean {
    if (this.#copiesLeft === 0) return false;
    this.#copiesLeft = Math.max(0, this.#copiesLeft - size);
    if (this.#copiesLeft > 0) return true;
    const message = `patches and replacements make more than ${maxCopied} nodes: what comes after is not built`;
    this.#problem({ code: 'limit-reached', at: { path }, message });
    return false;
  }

  #bytes(path: string): Buffer | undefined {
    if (!this.#mayRead(path)) return undefined;
    this.named.add(path);
    return this.#tree.stat(path)?.type === 'file' ? this.#tree.read(path, maxFileBytes) : undefined;
  }

  /** A base may be built a thousand times, and is parsed once. */
  #rootOf(file: string): YamlNode | undefined {
    if (!this.#roots.has(file)) this.#roots.set(file, this.#documents(file)[0]);
    else if (!this.#mayRead(file)) return undefined;
    return this.#roots.get(file);
  }

  #documents(path: string): YamlNode[] {
    const bytes = this.#bytes(path);
    try {
      return this.#parse(bytes?.toString('utf8') ?? '', path);
    } catch (error) {
      this.#problem({ code: 'bad-record', at: { path }, message: messageOf(error) });
      return [];
    }
  }

  #parse(text: string, path: string): YamlNode[] {
    return readYaml(text, { maxBytes: maxFileBytes, maxNodes: 200_000, duplicateKeys: 'first' }).flatMap((document) => {
      if ('root' in document) return document.root.kind === 'scalar' ? [] : [document.root];
      this.#problem({
        code: 'bad-record',
        at: { path, line: document.fault.at.line },
        message: document.fault.message,
      });
      return [];
    });
  }
}
