import {
  become,
  bothOf,
  callOf,
  castOf,
  comparisonOf,
  constantOf,
  isNode,
  isTextConstant,
  nodesIn,
  numberConstant,
  type QueryNode,
  textConstant,
} from './query-tree.ts';
import type { ValueKind, ValueKinds } from './value-kinds.ts';

/**
 * Comparisons between texts and numbers, as SQLite makes them (datatype3, 4.2 and 4.3): the side that has an affinity lends it to
 * the other; without one, every number comes before every text. The engine would read each text as a number, and fail where it
 * is none.
 */
export function rewriteComparison(node: QueryNode, kinds: ValueKinds): void {
  const [left, right] = [node['left'], node['right']];
  if (!isNode(left) || !isNode(right)) return;
  const [leftKind, rightKind] = [kinds.of(left), kinds.of(right)];
  if (!areMixed(leftKind, rightKind)) return;
  const isTextFirst = leftKind?.type === 'text';
  const [number, text] = isTextFirst ? [right, left] : [left, right];
  const [numberKind, textKind] = isTextFirst ? [rightKind, leftKind] : [leftKind, rightKind];
  const put = (newNumber: QueryNode, newText: QueryNode): void => {
    [node['left'], node['right']] = isTextFirst ? [newText, newNumber] : [newNumber, newText];
  };
  if (numberKind?.hasAffinity === true) compareAsNumbers(node, number, text, isTextFirst, put);
  else if (textKind?.hasAffinity === true) put(asText(number, numberKind), text);
  else become(node, ordered(node, isTextFirst));
}

function areMixed(one: ValueKind | undefined, other: ValueKind | undefined): boolean {
  return one !== undefined && other !== undefined && (one.type === 'text') !== (other.type === 'text');
}

const numeric = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;
const whole = /^\s*[+-]?\d{1,18}\s*$/;

function compareAsNumbers(
  node: QueryNode,
  number: QueryNode,
  text: QueryNode,
  isTextFirst: boolean,
  put: (number: QueryNode, text: QueryNode) => void,
): void {
  const constant = isTextConstant(text) ? constantOf(text) : undefined;
  if (constant !== undefined) {
    // The engine reads whole numbers itself, and a table that must be asked for rows is asked for the constant.
    if (whole.test(constant)) return;
    if (numeric.test(constant)) put(number, castOf(text, 'DOUBLE'));
    else become(node, ordered(node, isTextFirst));
    return;
  }
  const macro = orderMacros[String(node['type'])];
  if (macro === undefined) put(callOf('sqlite_key', [number]), callOf('sqlite_key', [text]));
  else become(node, callOf(isTextFirst ? macro.whenTextFirst : macro.name, [number, text]));
}

const orderMacros: Readonly<Record<string, { readonly name: string; readonly whenTextFirst: string }>> = {
  COMPARE_LESSTHAN: { name: 'sqlite_less', whenTextFirst: 'sqlite_greater' },
  COMPARE_GREATERTHAN: { name: 'sqlite_greater', whenTextFirst: 'sqlite_less' },
  COMPARE_LESSTHANOREQUALTO: { name: 'sqlite_not_greater', whenTextFirst: 'sqlite_not_less' },
  COMPARE_GREATERTHANOREQUALTO: { name: 'sqlite_not_less', whenTextFirst: 'sqlite_not_greater' },
};
const lessThan = new Set(['COMPARE_LESSTHAN', 'COMPARE_LESSTHANOREQUALTO']);
const greaterThan = new Set(['COMPARE_GREATERTHAN', 'COMPARE_GREATERTHANOREQUALTO']);

/** The answer that follows from a number coming before every text; of NULL it is NULL. */
function ordered(node: QueryNode, isTextFirst: boolean): QueryNode {
  const type = String(node['type']);
  const isYes =
    type === 'COMPARE_NOTEQUAL' || type === 'COMPARE_DISTINCT_FROM' || (isTextFirst ? greaterThan : lessThan).has(type);
  return callOf(isYes ? 'sqlite_always' : 'sqlite_never', [node['left'] as QueryNode, node['right'] as QueryNode]);
}

function asText(number: QueryNode, kind: ValueKind | undefined): QueryNode {
  const constant = constantOf(number);
  if (constant !== undefined) return textConstant(constant);
  return castOf(kind?.type === 'boolean' ? castOf(number, 'BIGINT') : number, 'VARCHAR');
}

/** `x IN (…)`: the values have no affinity of their own. */
export function rewriteIn(node: QueryNode, kinds: ValueKinds): void {
  const [first, ...items] = nodesIn(node['children']);
  const kind = kinds.of(first);
  if (first === undefined || kind === undefined) return;
  const fitting = items.flatMap((item) => fit(item, kind, kinds) ?? []);
  const isKeyed = fitting.some(({ isKeyed: keyed }) => keyed);
  const values = fitting.map(({ value }) => (isKeyed ? callOf('sqlite_key', [value]) : value));
  if (values.length > 0) node['children'] = [isKeyed ? callOf('sqlite_key', [first]) : first, ...values];
  else if (items.length > 0) {
    const name = node['type'] === 'COMPARE_IN' ? 'sqlite_never' : 'sqlite_always';
    become(node, callOf(name, [first, numberConstant(0)]));
  }
}

/** A value of a list as it can be equal to something of that kind; undefined when it never can. */
function fit(
  item: QueryNode,
  kind: ValueKind,
  kinds: ValueKinds,
): { readonly value: QueryNode; readonly isKeyed: boolean } | undefined {
  const own = kinds.of(item);
  const as = (value: QueryNode, isKeyed = false): { value: QueryNode; isKeyed: boolean } => ({ value, isKeyed });
  if (!areMixed(own, kind)) return as(item);
  if (!kind.hasAffinity) return undefined;
  if (kind.type === 'text') return as(asText(item, own));
  const constant = isTextConstant(item) ? constantOf(item) : undefined;
  if (constant === undefined) return as(item, true);
  if (whole.test(constant)) return as(item);
  return numeric.test(constant) ? as(castOf(item, 'DOUBLE')) : undefined;
}

/** `x IN (SELECT y …)`: compared as `x = y`. */
export function rewriteInQuery(node: QueryNode, kinds: ValueKinds): void {
  const child = node['child'];
  const query = isNode(node['subquery']) ? node['subquery']['node'] : undefined;
  if (!isNode(child) || !isNode(query) || query['type'] !== 'SELECT_NODE') return;
  const [item, ...others] = nodesIn(query['select_list']);
  if (item === undefined || others.length > 0 || !areMixed(kinds.of(child), kinds.of(item))) return;
  node['child'] = callOf('sqlite_key', [child]);
  query['select_list'] = [callOf('sqlite_key', [item])];
}

/** Two comparisons instead, where texts and numbers meet. */
export function rewriteBetween(node: QueryNode, kinds: ValueKinds): void {
  const { input, lower, upper } = node;
  if (!isNode(input) || !isNode(lower) || !isNode(upper)) return;
  const kind = kinds.of(input);
  if (!areMixed(kind, kinds.of(lower)) && !areMixed(kind, kinds.of(upper))) return;
  const parts = [
    comparisonOf('COMPARE_GREATERTHANOREQUALTO', input, lower),
    comparisonOf('COMPARE_LESSTHANOREQUALTO', { ...input }, upper),
  ];
  for (const part of parts) rewriteComparison(part, kinds);
  become(node, bothOf(parts));
}
