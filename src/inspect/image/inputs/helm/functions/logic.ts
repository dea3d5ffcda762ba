import { isTrue, toJson, type Value } from '../value.ts';
import { table, type Arguments } from './arguments.ts';
import { satisfies } from './constraints.ts';

/** Numbers by size, texts by their order; undefined for what cannot be compared. */
function compare(left: Value, right: Value): number | undefined {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left !== 'string' || typeof right !== 'string') return undefined;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

const ordered = (holds: (order: number) => boolean) => (args: Arguments) => {
  const order = compare(args.value(0), args.value(1));
  if (order === undefined) throw new Error('values that have no order are compared');
  return holds(order);
};

export function isEqual(left: Value, right: Value, { runtime }: Arguments): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  return toJson(left, runtime.budget) === toJson(right, runtime.budget);
}

function kindOf(value: Value): string {
  if (value === null) return 'invalid';
  if (Array.isArray(value)) return 'slice';
  if (value instanceof Map) return 'map';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return { boolean: 'bool', string: 'string' }[typeof value as string] ?? 'func';
}

const numbers = { int: 'int64', int64: 'int64', float64: 'float64' } as const;
/** YAML's whole numbers are floats for Helm, and templates ask for either. */
const isKind = (args: Arguments): boolean => {
  const kind = kindOf(args.value(1));
  const wanted = args.text(0);
  return kind === wanted || (wanted in numbers && kind === 'int64');
};
const kind = (args: Arguments): string => kindOf(args.value(0));

/** Sprig's and text/template's functions that choose and compare. */
export const logicFunctions = table({
  not: (args) => !isTrue(args.value(0)),
  eq: (args) => args.all.slice(1).some((value) => isEqual(args.value(0), value, args)),
  ne: (args) => !isEqual(args.value(0), args.value(1), args),
  lt: ordered((order) => order < 0),
  le: ordered((order) => order <= 0),
  gt: ordered((order) => order > 0),
  ge: ordered((order) => order >= 0),
  default: (args) => (args.all.length > 1 && isTrue(args.value(1)) ? args.value(1) : args.value(0)),
  empty: (args) => !isTrue(args.value(0)),
  coalesce: (args) => args.all.find(isTrue) ?? null,
  all: (args) => args.all.every(isTrue),
  any: (args) => args.all.some(isTrue),
  kindOf: kind,
  typeOf: kind,
  kindIs: isKind,
  typeIs: isKind,
  semverCompare: (args) => satisfies(args.text(1), args.text(0)),
});
