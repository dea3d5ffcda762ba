import type { Operand } from './fragment.ts';
import { literal } from './fragment.ts';
import { entriesOperand, isList, jsonOperand, listEntries, strangeOperand } from './nested-operand.ts';
import { stage, type Stages } from './stages.ts';

/** One step of a path: a key, and whether the entries of the list there are meant. */
export interface Step {
  readonly key: string;
  readonly isList: boolean;
}

/** A mapping's path in a JSON line: the key on top, what is below it up to the first list, and what is inside that. */
export interface JsonPath {
  readonly path: string;
  readonly top: string;
  readonly below: readonly string[];
  /** Keys inside each entry of the list at `below`; absent when the path walks no list. */
  readonly inside?: readonly Step[];
}

export function jsonPath(path: string): JsonPath {
  const steps = path.split('.').map((step) => ({ key: step.replace(/\[\]$/, ''), isList: step.endsWith('[]') }));
  const listAt = steps.findIndex((step) => step.isList);
  const outside = (listAt < 0 ? steps : steps.slice(0, listAt + 1)).map(({ key }) => key);
  const [top = '', ...below] = outside;
  return listAt < 0 ? { path, top, below } : { path, top, below, inside: steps.slice(listAt + 1) };
}

/** Keys of an object and what they lead to: more keys, or the end of a path. */
export interface Tree {
  [key: string]: Tree | null;
}

/** All paths below one top key; where one ends above another, the one above counts. */
export function treeOf(paths: readonly (readonly string[])[]): Tree | null {
  let root: Tree | null = {};
  for (const path of [...paths].sort((a, b) => a.length - b.length)) root = withPath(root, path);
  return root;
}

function withPath(tree: Tree | null, [key, ...rest]: readonly string[]): Tree | null {
  if (tree === null || key === undefined) return null;
  return { ...tree, [key]: withPath(Object.hasOwn(tree, key) ? (tree[key] ?? null) : {}, rest) };
}

/** True when a path of the tree ends exactly there. */
function endsAt(tree: Tree | null, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return tree === null;
  return tree !== null && Object.hasOwn(tree, key) && endsAt(tree[key] ?? null, rest);
}

/** Name of the JSON below a top key, and the tree along which it is taken apart; null when a path takes it whole. */
export interface TopValue {
  readonly json: string;
  readonly tree: Tree | null;
}

/** The value at a path. A path into another path's value is strange: the mapping takes the same thing twice. */
export function locate({ below, inside }: JsonPath, top: TopValue, stages: Stages): Operand {
  if (!endsAt(top.tree, below)) return strangeOperand(top.json);
  const json = valueAt(below, top, stages);
  if (inside === undefined) return jsonOperand(json, stages);
  if (inside.some((step) => step.isList)) return strangeOperand(json);
  return entriesOperand(stages.add(stage.entries, entriesAt(json, inside)), stages);
}

/** The JSON at the keys below a top key. */
export function valueAt(below: readonly string[], { json, tree }: TopValue, stages: Stages): string {
  if (below.length === 0 || tree === null) return json;
  const schema = JSON.stringify(tree, (_key, value: unknown) => (value === null ? 'JSON' : value));
  const parts = stages.add(stage.parts, `from_json(${json}, ${literal(schema)})`);
  return stages.add(
    stage.value,
    `${below.reduce((value, key) => `struct_extract(${value}, ${literal(key)})`, parts)}::VARCHAR`,
  );
}

/** Entries of the list there, or the single value in its place. */
export function entriesOrOne(list: string): string {
  return `CASE WHEN ${isList(list)} THEN ${listEntries(list)} WHEN ${list} IS NOT NULL THEN [${list}] END`;
}

/** The values inside each entry of a list; NULL when no entry has one. */
function entriesAt(list: string, inside: readonly Step[]): string {
  const value = inside.length === 0 ? 'x' : `nullif(json_extract(x, ${pointerTo(inside)})::VARCHAR, 'null')`;
  const values = `list_filter(list_transform(${entriesOrOne(list)}, lambda x: ${value}), lambda x: x IS NOT NULL)`;
  return `CASE WHEN ${list} = '[]' THEN []::VARCHAR[] ELSE nullif(${values}, []::VARCHAR[]) END`;
}

function pointerTo(steps: readonly Step[]): string {
  return literal(`$${steps.map(({ key }) => `.${JSON.stringify(key)}`).join('')}`);
}
