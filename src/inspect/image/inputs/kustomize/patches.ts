import type { YamlNode } from '../../../../base/yaml-tree.ts';
import { fieldOf, sizeOf, textOf } from '../yaml-nodes.ts';
import { itemsOf, nameOfObject, kindOf, type BuiltObject } from './built-object.ts';
import { applyOperation, copiedBy } from './json-patch.ts';
import { mergePatch } from './merge.ts';
import { chooserOf, isNamedBy } from './target.ts';

/** Patches of one kustomization: each is held against every object. */
const maxPatches = 500;

/** What patches need of the build around them. */
export interface PatchContext {
  /** Documents of a file beside the kustomization. */
  documents(name: string): readonly YamlNode[];
  /** Documents of a text inside the kustomization. */
  parse(text: string): readonly YamlNode[];
  /** Tells of a patch, or a part of one, that changes nothing. */
  missing(what: string): void;
  /** Whether so much more may be made of copies, in nodes: what is copied into itself a few times is larger than any memory. False is told. */
  mayCopy(size: number): boolean;
}

/** What it costs to hold something against all objects, and to change one of them, whose maps are copied. */
export const lookCost = (objects: readonly BuiltObject[]): number => 10 + objects.length / 8;
export const changeCost = (root: YamlNode): number => 1 + sizeOf(root) / 64;

/** Patches in all their forms: files, texts in place, with a target or with the name of the object in them, strategic or JSON (RFC 6902). */
export function applyPatches(
  kustomization: YamlNode,
  objects: readonly BuiltObject[],
  context: PatchContext,
): readonly BuiltObject[] {
  let changed = objects;
  const given = ['patches', 'patchesStrategicMerge', 'patchesJson6902'].flatMap((key) => itemsOf(kustomization, key));
  if (given.length > maxPatches) context.missing(`patches after the first ${maxPatches}`);
  for (const item of given.slice(0, maxPatches)) {
    const text = textOf(item);
    const path = textOf(fieldOf(item, 'path')) ?? (text?.includes('\n') === false ? text : undefined);
    const documents =
      path === undefined ? context.parse(textOf(fieldOf(item, 'patch')) ?? text ?? '') : context.documents(path);
    const target = fieldOf(item, 'target');
    for (const patch of documents) changed = applyOne(patch, target, changed, context);
  }
  return changed;
}

function applyOne(
  patch: YamlNode,
  target: YamlNode | undefined,
  objects: readonly BuiltObject[],
  context: PatchContext,
): readonly BuiltObject[] {
  if (!context.mayCopy(lookCost(objects))) return objects;
  let isUsed = false;
  const isChosen = target === undefined ? undefined : chooserOf(target);
  const changed = objects.flatMap((object) => {
    const isMeant = isChosen === undefined ? isNamedBy(patch, object) : isChosen(object);
    if (isMeant !== true) return [object];
    isUsed = true;
    if (patch.kind === 'map') {
      if (textOf(fieldOf(patch, '$patch')) === 'delete') return [];
      if (!context.mayCopy(sizeOf(patch) + changeCost(object.root))) return [object];
      return [{ ...object, root: mergePatch(object.root, withoutIdentity(patch)) }];
    }
    return [{ ...object, root: withOperations(object.root, patch, context) }];
  });
  if (!isUsed) context.missing(`the object of a patch: ${describe(target, patch)}`);
  return changed;
}

function describe(target: YamlNode | undefined, patch: YamlNode): string {
  const [kind, name] =
    target === undefined
      ? [kindOf(patch), nameOfObject(patch)]
      : [kindOf(target), textOf(fieldOf(target, 'name')) ?? ''];
  return [kind, name].filter((part) => part !== '').join(' ') || 'it names none';
}

function withOperations(root: YamlNode, patch: YamlNode, context: PatchContext): YamlNode {
  let changed = root;
  for (const operation of patch.kind === 'list' ? patch.items : []) {
    const copied = copiedBy(changed, operation);
    if (!context.mayCopy((copied === undefined ? 0 : sizeOf(copied)) + changeCost(changed))) return changed;
    const next = applyOperation(changed, operation);
    if (next === undefined) context.missing(textOf(fieldOf(operation, 'path')) ?? 'a patch');
    else changed = next;
  }
  return changed;
}

/** What it is stays: with a target the name in a patch is only a place holder, and without one the object may be called otherwise by now. */
function withoutIdentity(patch: YamlNode): YamlNode {
  if (patch.kind !== 'map') return patch;
  const entries = new Map(patch.entries);
  for (const key of ['apiVersion', 'kind']) entries.delete(key);
  const metadata = entries.get('metadata');
  if (metadata?.value.kind === 'map') {
    const kept = new Map(metadata.value.entries);
    for (const key of ['name', 'namespace']) kept.delete(key);
    entries.set('metadata', { ...metadata, value: { ...metadata.value, entries: kept } });
  }
  return { ...patch, entries };
}
