import { deepCopy, isTrue, mergeValues, toText, type Dictionary, type Value } from '../value.ts';
import { table, type Arguments } from './arguments.ts';
import { isEqual } from './logic.ts';

const concat = (args: Arguments): Value => args.all.flatMap((_, index) => [...args.list(index)]);
const append = (args: Arguments): Value => [...args.list(0), args.value(1)];
const first = (args: Arguments): Value => args.list(0)[0] ?? null;
const last = (args: Arguments): Value => args.list(0).at(-1) ?? null;
const uniq = (args: Arguments): Value => {
  const known = new Map<string, Value>();
  for (const value of args.list(0)) {
    const key = `${typeof value} ${toText(value, args.runtime.budget)}`;
    if (!known.has(key)) known.set(key, value);
  }
  return [...known.values()];
};

function dictionaryOf(args: Arguments): Dictionary {
  const pairs: [string, Value][] = [];
  for (let index = 0; index < args.all.length; index += 2) pairs.push([args.text(index), args.value(index + 1)]);
  return new Map(pairs);
}

/** The first has the last word with `merge`, the last with `mergeOverwrite`; both change the first. */
const merge = (isOverwriting: boolean) => (args: Arguments) => {
  const target = args.dictionary(0);
  const rest = args.all.slice(1).map((_, index) => args.dictionary(index + 1));
  const all = isOverwriting ? [target, ...rest] : [...rest.toReversed(), target];
  let merged: Dictionary = new Map();
  for (const one of all) merged = mergeValues(merged, one, args.runtime.budget);
  target.clear();
  for (const [key, value] of merged) target.set(key, value);
  return target;
};

function steps(args: Arguments): number[] {
  const [from, to, step] = [args.number(0), args.number(1), args.number(2)];
  if (step === 0) return [];
  const count = args.runtime.budget.size(Math.max(Math.ceil((to - from) / step), 0));
  return Array.from({ length: count }, (_, index) => from + index * step);
}

/** `index map "a" 0`. */
function at(args: Arguments): Value {
  let value = args.value(0);
  for (let index = 1; index < args.all.length; index++) {
    if (value instanceof Map) value = value.get(args.text(index)) ?? null;
    else if (Array.isArray(value)) value = value[args.number(index)] ?? null;
    else return null;
  }
  return value;
}

/** `dig "a" "b" default map`. */
function dig(args: Arguments): Value {
  const keys = args.all.slice(0, -2);
  let value: Value = args.last;
  for (const key of keys) {
    if (!(value instanceof Map) || !value.has(toText(key, args.runtime.budget))) return args.all.at(-2) ?? null;
    value = value.get(toText(key, args.runtime.budget)) ?? null;
  }
  return value;
}

function size(value: Value): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.length;
  return value instanceof Map ? value.size : 0;
}

/** The entries whose keys are named, or the others. */
function chosen(args: Arguments, isNamed: boolean): Dictionary {
  const names = new Set(args.all.slice(1).map((_, index) => args.text(index + 1)));
  return new Map([...args.dictionary(0)].filter(([key]) => names.has(key) === isNamed));
}

const copy = (args: Arguments): Value => deepCopy(args.value(0), args.runtime.budget);

/** Sprig's functions on lists and dictionaries. */
export const collectionFunctions = table({
  list: (args) => [...args.all],
  tuple: (args) => [...args.all],
  first,
  mustFirst: first,
  last,
  mustLast: last,
  rest: (args) => args.list(0).slice(1),
  initial: (args) => args.list(0).slice(0, -1),
  append,
  mustAppend: append,
  push: append,
  prepend: (args) => [args.value(1), ...args.list(0)],
  concat,
  reverse: (args) => args.list(0).toReversed(),
  uniq,
  mustUniq: uniq,
  without: (args) => args.list(0).filter((one) => !args.all.slice(1).some((other) => isEqual(one, other, args))),
  has: (args) => args.list(1).some((one) => isEqual(one, args.value(0), args)),
  compact: (args) => args.list(0).filter(isTrue),
  slice: (args) => args.list(0).slice(args.number(1), args.all.length > 2 ? args.number(2) : undefined),
  until: (args) => Array.from({ length: args.runtime.budget.size(args.number(0)) }, (_, index) => index),
  untilStep: (args) => steps(args),
  index: at,
  len: (args) => size(args.value(0)),
  dict: dictionaryOf,
  get: (args) => args.dictionary(0).get(args.text(1)) ?? '',
  set: (args) => args.dictionary(0).set(args.text(1), args.value(2)),
  unset: (args) => {
    const map = args.dictionary(0);
    map.delete(args.text(1));
    return map;
  },
  hasKey: (args) => args.dictionary(0).has(args.text(1)),
  keys: (args) => args.all.flatMap((_, index) => [...args.dictionary(index).keys()]),
  values: (args) => [...args.dictionary(0).values()],
  pick: (args) => chosen(args, true),
  omit: (args) => chosen(args, false),
  pluck: (args) => args.all.slice(1).flatMap((_, index) => args.dictionary(index + 1).get(args.text(0)) ?? []),
  dig,
  merge: merge(false),
  mustMerge: merge(false),
  mergeOverwrite: merge(true),
  mustMergeOverwrite: merge(true),
  deepCopy: copy,
  mustDeepCopy: copy,
});
