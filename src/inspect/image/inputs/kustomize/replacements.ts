import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, movedTo, sizeOf, textNode, textOf } from '../yaml-nodes.ts';
import { itemsOf, type BuiltObject } from './built-object.ts';
import { changeField, fieldPathParts, nodeAtField } from './field-path.ts';
import { changeCost, lookCost, type PatchContext } from './patches.ts';
import { chooserOf } from './target.ts';

/** Replacements of one kustomization, and fields that each is put into. */
const maxReplacements = 500;
/** Characters of a text that a piece is put into: one put into itself again and again doubles each time. */
const maxText = 65_536;
const defaultPath = 'metadata.name';

/** Values of one object put into fields of others, the last thing that a kustomization does (Kustomize, "replacements"). */
export function applyReplacements(
  kustomization: YamlNode,
  objects: readonly BuiltObject[],
  context: PatchContext,
): readonly BuiltObject[] {
  const given = itemsOf(kustomization, 'replacements').flatMap((item) => {
    const path = textOf(fieldOf(item, 'path'));
    return path === undefined ? [item] : context.documents(path).flatMap(listedIn);
  });
  if (given.length > maxReplacements) context.missing(`replacements after the first ${maxReplacements}`);
  return given
    .slice(0, maxReplacements)
    .reduce<readonly BuiltObject[]>((changed, one) => applyOne(one, changed, context), objects);
}

/** A file has one replacement, or a list of them. */
function listedIn(document: YamlNode): readonly YamlNode[] {
  return document.kind === 'list' ? document.items : [document];
}

function applyOne(
  replacement: YamlNode,
  objects: readonly BuiltObject[],
  context: PatchContext,
): readonly BuiltObject[] {
  const value = sourceValue(fieldOf(replacement, 'source'), objects);
  if (value === undefined) {
    context.missing('the source of a replacement');
    return objects;
  }
  return itemsOf(replacement, 'targets')
    .slice(0, maxReplacements)
    .reduce((changed, target) => intoTarget(value, target, changed, context), objects);
}

/** Kustomize refuses a source that is not one object alone. */
function sourceValue(source: YamlNode | undefined, objects: readonly BuiltObject[]): YamlNode | undefined {
  if (source === undefined) return undefined;
  const isChosen = chooserOf(source);
  const [found, ...others] = objects.filter((object) => isChosen(object) === true);
  if (found === undefined || others.length > 0) return undefined;
  const path = textOf(fieldOf(source, 'fieldPath')) ?? defaultPath;
  const value = nodeAtField(found.root, fieldPathParts(path));
  const { delimiter, index } = optionsOf(source);
  if (delimiter === '' || value?.kind !== 'scalar') return value;
  const piece = value.source.split(delimiter)[index];
  return piece === undefined ? undefined : textNode(piece, value.at);
}

function intoTarget(
  value: YamlNode,
  target: YamlNode,
  objects: readonly BuiltObject[],
  context: PatchContext,
): readonly BuiltObject[] {
  const select = fieldOf(target, 'select');
  if (select === undefined || !context.mayCopy(lookCost(objects))) return objects;
  const isChosen = chooserOf(select);
  const rejected = itemsOf(target, 'reject').map(chooserOf);
  const named = itemsOf(target, 'fieldPaths').flatMap((path) => textOf(path) ?? []);
  const paths = (named.length === 0 ? [defaultPath] : named).slice(0, maxReplacements).map(fieldPathParts);
  const options = optionsOf(target);
  const size = sizeOf(value);
  let isUsed = false;
  const changed = objects.map((object) => {
    if (isChosen(object) !== true || rejected.some((isRejected) => isRejected(object) === true)) return object;
    let { root } = object;
    for (const parts of paths) {
      if (!context.mayCopy(size + changeCost(root))) {
        isUsed = true;
        break;
      }
      const next = changeField(root, parts, (old) => replaced(old, value, options));
      isUsed ||= next !== undefined;
      root = next ?? root;
    }
    return { ...object, root };
  });
  if (!isUsed) context.missing('the target of a replacement');
  return changed;
}

interface ReplacementOptions {
  /** Only the piece between delimiters is meant; the whole when empty. */
  readonly delimiter: string;
  readonly index: number;
  /** Make what is not there. */
  readonly create: boolean;
}

function optionsOf(node: YamlNode): ReplacementOptions {
  const options = fieldOf(node, 'options');
  const create = fieldOf(options, 'create');
  return {
    delimiter: textOf(fieldOf(options, 'delimiter')) ?? '',
    index: Number(textOf(fieldOf(options, 'index')) ?? 0),
    create: create?.kind === 'scalar' && create.value === true,
  };
}

/** A piece before the first goes in front, one after the last behind. What is put in stands where the old value stood. */
function replaced(old: YamlNode | undefined, value: YamlNode, options: ReplacementOptions): YamlNode | undefined {
  if (old === undefined) return options.create ? value : undefined;
  const { delimiter, index } = options;
  if (delimiter === '' || old.kind !== 'scalar') return movedTo(value, old.at);
  const pieces = old.source.split(delimiter);
  const piece = textOf(value) ?? '';
  if (index < 0) pieces.unshift(piece);
  else if (index >= pieces.length) pieces.push(piece);
  else pieces[index] = piece;
  const text = pieces.join(delimiter);
  return text.length > maxText ? undefined : textNode(text, old.at);
}
