import { messageOf } from '../../../../base/errors.ts';
import type { Problem } from '../../../../base/problem.ts';
import { readYaml, type YamlNode } from '../../../../base/yaml-tree.ts';
import { childOf, normalPath, parentOf, type FileTree } from '../../../tree/tree.ts';
import { applyOperation } from './json-patch.ts';
import { fieldOf, mergePatch, textOf } from './merge.ts';

/** An object of a cluster with the file that it comes from. */
export interface BuiltObject {
  readonly path: string;
  readonly root: YamlNode;
}

export const kustomizationNames: readonly string[] = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const maxFileBytes = 2 ** 20;
/** Kustomizations that name one another. */
const maxDepth = 16;
/** Files that are read for all builds together, and objects of one of them: kustomizations may name one another without end. */
const maxReads = 5000;
const maxObjects = 10_000;

/** Builds what kustomizations would install, and notes which files took part. */
export class Builder {
  /** Files that took part. */
  readonly named = new Set<string>();
  #readsLeft = maxReads;
  readonly #tree: FileTree;
  readonly #problem: (problem: Problem) => void;

  constructor(tree: FileTree, problem: (problem: Problem) => void) {
    this.#tree = tree;
    this.#problem = problem;
  }

  /** The kustomizations that one is made of. */
  partsOf(file: string): string[] {
    const quiet = new Builder(this.#tree, () => undefined);
    const [root] = quiet.#documents(file);
    const names = root === undefined ? [] : ['resources', 'bases', 'components'].flatMap((key) => itemsOf(root, key));
    return names.flatMap(
      (name) => this.#kustomizationIn(normalPath(childOf(parentOf(file), textOf(name) ?? ''))) ?? [],
    );
  }

  /** The objects of a kustomization; of a component, those that it is put over, as it changes them. */
  build(file: string, depth = 0, below: readonly BuiltObject[] = []): BuiltObject[] {
    const [root] = this.#documents(file);
    if (root === undefined) return [...below];
    const folder = parentOf(file);
    const names = ['resources', 'bases'].flatMap((key) => itemsOf(root, key));
    let objects = [...below, ...names.flatMap((name) => this.#resource(file, folder, textOf(name), depth))];
    if (objects.length > maxObjects) {
      this.#problem({ code: 'limit-reached', at: { path: file }, message: `more than ${maxObjects} objects` });
      objects = objects.slice(0, maxObjects);
    }
    for (const item of itemsOf(root, 'components')) {
      const component = this.#kustomizationIn(normalPath(childOf(folder, textOf(item) ?? '')));
      if (component === undefined || depth >= maxDepth) this.#missing(file, textOf(item) ?? '');
      else objects = this.build(component, depth + 1, objects);
    }
    if (fieldOf(root, 'helmCharts') !== undefined) this.#missing(file, 'helmCharts');
    const images = itemsOf(root, 'images');
    const namespace = fieldOf(root, 'namespace');
    return this.#patched(root, file, folder, objects).map(({ path, root: object }) => ({
      path,
      root: withNamespace(withImages(object, images), namespace),
    }));
  }

  #resource(file: string, folder: string, name: string | undefined, depth: number): BuiltObject[] {
    if (name === undefined) return [];
    const isRemote = /^[a-z+]+:\/\/|^git@|^github\.com\//.test(name);
    const path = normalPath(childOf(folder, name));
    const inner = isRemote ? undefined : this.#kustomizationIn(path);
    if (inner !== undefined && depth < maxDepth) return this.build(inner, depth + 1);
    if (isRemote || inner !== undefined || this.#tree.stat(path)?.type !== 'file') {
      this.#missing(file, name);
      return [];
    }
    return this.#documents(path).map((root) => ({ path, root }));
  }

  #kustomizationIn(folder: string): string | undefined {
    const found = kustomizationNames.find((name) => this.#tree.stat(childOf(folder, name))?.type === 'file');
    return found === undefined ? undefined : childOf(folder, found);
  }

  #missing(file: string, name: string): void {
    const message = `${JSON.stringify(name.slice(0, 200))} is not here, or not built: nothing is fetched or run`;
    this.#problem({ code: 'partly-seen', at: { path: file }, message });
  }

  #documents(path: string): YamlNode[] {
    if (this.#readsLeft === 0) return [];
    if (--this.#readsLeft === 0) {
      this.#problem({ code: 'limit-reached', at: { path }, message: `more than ${maxReads} files of kustomizations` });
    }
    this.named.add(path);
    const bytes = this.#tree.read(path, maxFileBytes);
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

  /** Patches in all their forms: files, texts in place, with a target or with the name of the object in them. */
  #patched(root: YamlNode, file: string, folder: string, objects: readonly BuiltObject[]): BuiltObject[] {
    let changed = [...objects];
    const given = ['patches', 'patchesStrategicMerge', 'patchesJson6902'].flatMap((key) => itemsOf(root, key));
    for (const item of given) {
      const text = textOf(item);
      const path = textOf(fieldOf(item, 'path')) ?? (text?.includes('\n') === false ? text : undefined);
      const inline = textOf(fieldOf(item, 'patch')) ?? text ?? '';
      const documents =
        path === undefined ? this.#parse(inline, file) : this.#documents(normalPath(childOf(folder, path)));
      const target = fieldOf(item, 'target');
      for (const patch of documents) changed = changed.flatMap((object) => this.#apply(patch, target, object, file));
    }
    return changed;
  }

  #apply(patch: YamlNode, target: YamlNode | undefined, object: BuiltObject, file: string): BuiltObject[] {
    if (!isTarget(target ?? patch, object.root, target !== undefined)) return [object];
    if (patch.kind === 'map') {
      if (textOf(fieldOf(patch, '$patch')) === 'delete') return [];
      return [{ ...object, root: mergePatch(object.root, target === undefined ? patch : withoutIdentity(patch)) }];
    }
    let { root } = object;
    for (const operation of patch.kind === 'list' ? patch.items : []) {
      const changed = applyOperation(root, operation);
      if (changed === undefined) this.#missing(file, textOf(fieldOf(operation, 'path')) ?? 'a patch');
      else root = changed;
    }
    return [{ ...object, root }];
  }
}

function itemsOf(node: YamlNode, key: string): readonly YamlNode[] {
  const list = fieldOf(node, key);
  return list?.kind === 'list' ? list.items : [];
}

/** A target leaves out what does not matter; a patch itself names kind and name. Patterns of names and selectors of labels are not read. */
function isTarget(target: YamlNode, object: YamlNode, isSelector: boolean): boolean {
  const kind = textOf(fieldOf(target, 'kind'));
  const name =
    textOf(fieldOf(target, 'name')) ?? (isSelector ? undefined : textOf(fieldOf(fieldOf(target, 'metadata'), 'name')));
  if (kind !== undefined && kind !== textOf(fieldOf(object, 'kind'))) return false;
  return name === undefined ? isSelector : name === textOf(fieldOf(fieldOf(object, 'metadata'), 'name'));
}

/** With a target the name in a patch is only a place holder. */
function withoutIdentity(patch: YamlNode): YamlNode {
  if (patch.kind !== 'map') return patch;
  const entries = new Map(patch.entries);
  for (const key of ['apiVersion', 'kind', 'metadata']) entries.delete(key);
  return { ...patch, entries };
}

function withNamespace(object: YamlNode, namespace: YamlNode | undefined): YamlNode {
  if (namespace === undefined || object.kind !== 'map') return object;
  const metadata = {
    kind: 'map',
    at: object.at,
    entries: new Map([['namespace', { key: 'namespace', keyAt: object.at, value: namespace }]]),
  } as const;
  return mergePatch(object, {
    kind: 'map',
    at: object.at,
    entries: new Map([['metadata', { key: 'metadata', keyAt: object.at, value: metadata }]]),
  });
}

/** New names, tags and digests of images, wherever an object has a field `image`. */
function withImages(node: YamlNode, images: readonly YamlNode[]): YamlNode {
  if (images.length === 0 || node.kind === 'scalar') return node;
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withImages(item, images)) };
  const entries = [...node.entries].map(([key, entry]) => {
    const { value } = entry;
    if (key !== 'image' || value.kind !== 'scalar') {
      return [key, { ...entry, value: withImages(value, images) }] as const;
    }
    const source = renamed(value.source, images);
    return [key, { ...entry, value: { ...value, value: source, source } }] as const;
  });
  return { ...node, entries: new Map(entries) };
}

function renamed(image: string, images: readonly YamlNode[]): string {
  const { name = image, rest = '' } = /^(?<name>[^@]+?)(?<rest>(?::[^:/@]+)?(?:@.*)?)$/.exec(image)?.groups ?? {};
  const change = images.find((one) => textOf(fieldOf(one, 'name')) === name);
  if (change === undefined) return image;
  const field = (key: string, sign: string): string | undefined => {
    const text = textOf(fieldOf(change, key));
    return text === undefined ? undefined : `${sign}${text}`;
  };
  return `${field('newName', '') ?? name}${field('digest', '@') ?? field('newTag', ':') ?? rest}`;
}
