import type { HostColumns } from '../table.ts';
import { ColumnTypes } from './column-types.ts';
import { functionName } from './dialect.ts';
import { loosenGroups } from './group-by.ts';
import {
  castOf,
  columnOf,
  constantOf,
  isNode,
  isTextConstant,
  nodesIn,
  textConstant,
  walkNodes,
  type QueryNode,
  textIn,
} from './query-tree.ts';

const arithmetic = new Set(['+', '-', '*', '/', '%']);
/** Functions that take a text for the number that it reads as. */
const ofNumbers = new Set(['abs', 'round', 'sum', 'avg', 'total']);
const bitwise = new Set(['&', '|', '<<', '>>']);

/**
 * Changes a parsed query in place so that it means here what it means in SQLite: names of functions, LIKE without regard to
 * case, casts that never fail, comparisons between texts and numbers, and columns beside GROUP BY that it does not name.
 */
export function rewriteTree(query: QueryNode, columnsOf: (table: string) => HostColumns | undefined): void {
  const types = new ColumnTypes(query, columnsOf);
  // The nodes are gathered before the first is changed: what is put around them is not looked at again.
  const nodes = [...walkNodes(query)];
  for (const node of nodes) {
    switch (node['class']) {
      case 'FUNCTION':
        rewriteCall(node, types);
        break;
      case 'CAST':
        rewriteCast(node);
        break;
      case 'COMPARISON':
        [node['left'], node['right']] = comparable([node['left'], node['right']], types);
        break;
      case 'OPERATOR':
        if (node['type'] === 'COMPARE_IN' || node['type'] === 'COMPARE_NOT_IN') {
          node['children'] = comparable(nodesIn(node['children']), types);
        }
        break;
      case 'BETWEEN':
        [node['input'], node['lower'], node['upper']] = comparable(
          [node['input'], node['lower'], node['upper']],
          types,
        );
        break;
      default:
    }
  }
  for (const node of nodes) if (node['type'] === 'SELECT_NODE') loosenGroups(node);
}

function rewriteCall(node: QueryNode, types: ColumnTypes): void {
  const children = nodesIn(node['children']);
  const name = textIn(node, 'function_name').toLowerCase();
  if (name === 'strftime' && constantOf(children[0]) === '%s') {
    node['function_name'] = 'sqlite_epoch';
    node['children'] = children.slice(1);
    return;
  }
  node['function_name'] = functionName(name, children.length);
  if (arithmetic.has(name) || ofNumbers.has(name)) {
    node['children'] = children.map((child) => (types.of(child) === 'text' ? castOf(child, 'DOUBLE') : child));
  } else if (bitwise.has(name)) {
    node['children'] = children.map((child) => (columnOf(child) === undefined ? child : castOf(child, 'BIGINT')));
  }
}

/** SQLite's whole numbers have 64 bits, and a cast that cannot be done gives a value and no error. */
function rewriteCast(node: QueryNode): void {
  const type = node['cast_type'] as QueryNode;
  node['try_cast'] = true;
  if (['INTEGER', 'SMALLINT', 'TINYINT'].includes(textIn(type, 'id'))) type['id'] = 'BIGINT';
}

/** A text beside a number: the engine would read the text as a number and fail where it is none. Here both are compared as texts. */
function comparable(sides: readonly unknown[], types: ColumnTypes): unknown[] {
  const kinds = sides.map((side) => kindOf(side, types));
  if (!kinds.includes('text') || !kinds.includes('number')) return [...sides];
  return sides.map((side, index) => {
    if (kinds[index] !== 'number' || !isNode(side)) return side;
    const constant = constantOf(side);
    return constant === undefined ? castOf(side, 'VARCHAR') : textConstant(constant);
  });
}

/** A text constant that reads as a number fits either side. */
function kindOf(node: unknown, types: ColumnTypes): 'text' | 'number' | undefined {
  const constant = constantOf(node);
  if (constant !== undefined) {
    if (!isTextConstant(node)) return 'number';
    return constant !== '' && Number.isFinite(Number(constant)) ? undefined : 'text';
  }
  const type = types.of(node);
  if (type === undefined) return undefined;
  return type === 'text' ? 'text' : 'number';
}
