import { functionName } from './dialect.ts';
import { printfPieces } from './printf.ts';
import {
  become,
  callOf,
  castOf,
  columnOf,
  constantOf,
  isTextConstant,
  nodesIn,
  type QueryNode,
  textConstant,
  textIn,
} from './query-tree.ts';
import { timeCall } from './times.ts';
import type { ValueKinds } from './value-kinds.ts';

const arithmetic = new Set(['+', '-', '*', '/']);
/** Functions that take a text for the number that it begins with. */
const ofNumbers = new Set(['abs', 'round', 'sum', 'avg', 'total', 'sign', 'sqrt', 'floor', 'ceil', 'ceiling']);
const ofIntegers = new Set(['%', '&', '|', '<<', '>>', '~']);
/** Functions that write a condition as 1 or 0. */
const ofTexts = new Set([
  '||',
  'concat',
  'group_concat',
  'string_agg',
  'length',
  'lower',
  'upper',
  'replace',
  'substr',
]);

/** A call of a function of SQLite as what gives the same here. */
export function rewriteCall(node: QueryNode, kinds: ValueKinds): void {
  const children = nodesIn(node['children']);
  const name = textIn(node, 'function_name').toLowerCase();
  const other = otherCall(name, children, kinds);
  if (other !== undefined) {
    become(node, other);
    return;
  }
  node['function_name'] = functionName(name, children.length);
  if (arithmetic.has(name) || ofNumbers.has(name)) {
    node['children'] = children.map((child, index) => (index > 0 && name === 'round' ? child : asNumber(child, kinds)));
  } else if (ofIntegers.has(name)) {
    node['children'] = children.map((child) => asInteger(child, kinds));
  } else if (ofTexts.has(name)) {
    node['children'] = children.map((child) => (kinds.of(child)?.type === 'boolean' ? castOf(child, 'BIGINT') : child));
  }
}

function otherCall(name: string, children: readonly QueryNode[], kinds: ValueKinds): QueryNode | undefined {
  const [first, second, third] = children;
  switch (name) {
    case 'printf':
    case 'format':
      return printfPieces(children) ?? (name === 'format' ? callOf('printf', children) : undefined);
    case 'min':
    case 'max': {
      if (children.length < 2) return undefined;
      const alike = asOneKind(children, kinds);
      return alike.reduce((a, b) => callOf(name === 'min' ? 'sqlite_least' : 'sqlite_greatest', [a, b]));
    }
    case 'sqlite_char':
      return callOf('concat', [textConstant(''), ...children.map((child) => callOf('chr', [child]))]);
    case 'glob':
      return first === undefined || second === undefined ? undefined : callOf('~~~', [second, first]);
    case 'like': {
      if (first === undefined || second === undefined) return undefined;
      return third === undefined ? callOf('~~*', [second, first]) : callOf('ilike_escape', [second, first, third]);
    }
    case 'nullif':
      return first === undefined || second === undefined ? undefined : nullIf(first, second, kinds);
    default:
      return timeCall(name, children);
  }
}

/** Arguments have no affinity: a number is never the text that it is held against. */
function nullIf(first: QueryNode, second: QueryNode, kinds: ValueKinds): QueryNode | undefined {
  const [one, other] = [kinds.of(first), kinds.of(second)];
  if (one === undefined || other === undefined || (one.type === 'text') === (other.type === 'text')) return undefined;
  return { ...first };
}

/** Values of one column: numbers beside texts are written as texts. */
export function asOneKind(children: readonly QueryNode[], kinds: ValueKinds): QueryNode[] {
  if (kinds.together(children)?.type !== 'text') return [...children];
  return children.map((child) => {
    const type = kinds.of(child)?.type;
    if (type === 'text' && !isTextConstant(child)) return child;
    return castOf(type === 'boolean' ? castOf(child, 'BIGINT') : child, 'VARCHAR');
  });
}

function asNumber(child: QueryNode, kinds: ValueKinds): QueryNode {
  const type = kinds.of(child)?.type;
  if (type === 'boolean') return castOf(child, 'BIGINT');
  if (type !== 'text') return child;
  const constant = isTextConstant(child) ? constantOf(child) : undefined;
  return constant === undefined ? callOf('sqlite_real', [child]) : numberIn(constant);
}

function asInteger(child: QueryNode, kinds: ValueKinds): QueryNode {
  const type = kinds.of(child)?.type;
  if (type === 'text' || type === 'real' || type === 'number') return callOf('sqlite_integer', [child]);
  return type === 'boolean' || columnOf(child) !== undefined ? castOf(child, 'BIGINT') : child;
}

/** The number that a text begins with, 0 where there is none. */
function numberIn(text: string): QueryNode {
  const [found = '0'] = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/.exec(text) ?? [];
  const isWhole = /^\s*[+-]?\d{1,18}$/.test(found);
  return castOf(textConstant(found.trim()), isWhole ? 'BIGINT' : 'DOUBLE');
}
