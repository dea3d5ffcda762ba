import type { YamlNode, YamlPlace } from '../../../../base/yaml-tree.ts';
import { fieldOf, mapNode, textNode, textOf } from '../yaml-nodes.ts';
import { itemsOf, kindOf, nameOfObject, type BuiltObject } from './built-object.ts';
import { mergePatch } from './merge.ts';

/** What generators need of the build around them. */
export interface GenerateContext {
  /** Text of a file beside the kustomization; undefined when it is not there. */
  readText(name: string): string | undefined;
  /** Tells of what is not generated. */
  missing(what: string): void;
}

/** Of one kind in one kustomization; a cluster bounds what one object may hold, and nobody generates as many. */
const maxGenerated = 500;

const generators = [
  ['configMapGenerator', 'ConfigMap', 'data'],
  ['secretGenerator', 'Secret', 'stringData'],
] as const;

/**
 * `configMapGenerator` and `secretGenerator`: an object for each, of literals, files and files of variables; it is added, or merged into one
 * that is there. The hash at the end of its name is left out, so that what names it still finds it.
 */
export function generate(
  kustomization: YamlNode,
  path: string,
  objects: readonly BuiltObject[],
  context: GenerateContext,
): readonly BuiltObject[] {
  let all = objects;
  for (const [field, kind, data] of generators) {
    const items = itemsOf(kustomization, field);
    if (items.length > maxGenerated) context.missing(`${field} after the first ${maxGenerated}`);
    for (const item of items.slice(0, maxGenerated)) {
      const made = objectOf(item, kind, data, context);
      const old = all.find(
        ({ root, earlierNames }) =>
          kindOf(root) === kind && [nameOfObject(root), ...earlierNames].includes(nameOfObject(made)),
      );
      const behavior = textOf(fieldOf(item, 'behavior')) ?? 'create';
      const merged = old !== undefined && behavior === 'merge' ? mergePatch(old.root, withoutName(made)) : made;
      const object: BuiltObject = { path, earlierNames: [], ...(behavior === 'merge' ? old : {}), root: merged };
      all = [...all.filter((one) => one !== old || behavior === 'create'), object];
    }
  }
  return all;
}

function objectOf(item: YamlNode, kind: string, data: string, context: GenerateContext): YamlNode {
  const { at } = item;
  const name = fieldOf(item, 'name');
  const namespace = fieldOf(item, 'namespace');
  const metadata = mapNode(
    [
      ...(name === undefined ? [] : [['name', name] as const]),
      ...(namespace === undefined ? [] : [['namespace', namespace] as const]),
    ],
    at,
  );
  const values = [...literalsOf(item), ...filesOf(item, context)];
  return mapNode(
    [
      ['apiVersion', textNode('v1', at)],
      ['kind', textNode(kind, at)],
      ['metadata', metadata],
      [data, mapNode(values, at)],
    ],
    at,
  );
}

function withoutName(made: YamlNode): YamlNode {
  if (made.kind !== 'map') return made;
  const entries = new Map(made.entries);
  entries.delete('metadata');
  return { ...made, entries };
}

/** `NAME=value`, a value perhaps in quotes. */
function literalsOf(item: YamlNode): (readonly [string, YamlNode])[] {
  return itemsOf(item, 'literals').flatMap((literal) => {
    const [key, value] = splitOnce(textOf(literal) ?? '');
    return key === '' ? [] : [[key, textNode(value.replace(/^(["'])(.*)\1$/s, '$2'), literal.at)] as const];
  });
}

/** `files`: `path` or `key=path`; `envs` and the older `env`: lines `NAME=value`. Both are said to stand where the generator names them. */
function filesOf(item: YamlNode, context: GenerateContext): (readonly [string, YamlNode])[] {
  const files = itemsOf(item, 'files').flatMap((file) => {
    const written = textOf(file) ?? '';
    const [key, named] = written.includes('=')
      ? splitOnce(written)
      : [written.slice(written.lastIndexOf('/') + 1), written];
    const text = context.readText(named);
    return text === undefined ? [] : [[key, textNode(text, file.at)] as const];
  });
  const env = fieldOf(item, 'env');
  const lists = [...itemsOf(item, 'envs'), ...(env === undefined ? [] : [env])];
  return [...files, ...lists.flatMap((list) => variablesOf(context.readText(textOf(list) ?? '') ?? '', list.at))];
}

function variablesOf(text: string, at: YamlPlace): (readonly [string, YamlNode])[] {
  return text.split('\n').flatMap((line) => {
    const [key, value] = splitOnce(line.trim());
    return key === '' || key.startsWith('#') ? [] : [[key, textNode(value, at)] as const];
  });
}

function splitOnce(text: string): readonly [string, string] {
  const at = text.indexOf('=');
  return at < 0 ? ['', ''] : [text.slice(0, at), text.slice(at + 1)];
}
