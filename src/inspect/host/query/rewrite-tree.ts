import type { HostColumns } from '../table.ts';
import { asOneKind, rewriteCall } from './calls.ts';
import { rewriteBetween, rewriteComparison, rewriteIn, rewriteInQuery } from './compare.ts';
import { loosenGroups } from './group-by.ts';
import {
  callOf,
  comparisonOf,
  isNode,
  nodesIn,
  numberConstant,
  walkNodes,
  type QueryNode,
  textIn,
} from './query-tree.ts';
import { boundRecursions } from './recursion.ts';
import { branchesOf, ValueKinds } from './value-kinds.ts';

/**
 * Changes a parsed query in place so that it means here what it means in SQLite: names of functions, LIKE without regard to
 * case, casts that never fail, comparisons between texts and numbers, texts as conditions, and columns beside GROUP BY that it
 * does not name.
 */
export function rewriteTree(query: QueryNode, columnsOf: (table: string) => HostColumns | undefined): void {
  boundRecursions(query);
  const kinds = new ValueKinds(query, columnsOf);
  // The nodes are gathered before the first is changed: what is put around them is not looked at again.
  const nodes = [...walkNodes(query)];
  for (const node of nodes) {
    if (node['type'] === 'JOIN' && node['ref_type'] === 'CROSS') rewriteCross(node);
    rewriteConditions(node, kinds);
    rewriteNode(node, kinds);
  }
  for (const node of nodes) if (node['type'] === 'SELECT_NODE') loosenGroups(node);
}

function rewriteNode(node: QueryNode, kinds: ValueKinds): void {
  switch (node['class']) {
    case 'FUNCTION':
      rewriteCall(node, kinds);
      break;
    case 'CAST':
      rewriteCast(node);
      break;
    case 'COMPARISON':
      rewriteComparison(node, kinds);
      break;
    case 'OPERATOR':
      if (node['type'] === 'COMPARE_IN' || node['type'] === 'COMPARE_NOT_IN') rewriteIn(node, kinds);
      if (node['type'] === 'OPERATOR_COALESCE') node['children'] = asOneKind(nodesIn(node['children']), kinds);
      break;
    case 'BETWEEN':
      rewriteBetween(node, kinds);
      break;
    case 'CASE':
      rewriteCase(node, kinds);
      break;
    case 'SUBQUERY':
      if (node['subquery_type'] === 'ANY') rewriteInQuery(node, kinds);
      if (node['subquery_type'] === 'SCALAR') takeFirst(node);
      break;
    default:
  }
}

/** The engine prints such a join as a comma, which binds less than the joins behind it do. */
function rewriteCross(node: QueryNode): void {
  node['ref_type'] = 'REGULAR';
  node['join_type'] = 'INNER';
  node['condition'] = comparisonOf('COMPARE_EQUAL', numberConstant(1), numberConstant(1));
}

/** SQLite's whole numbers have 64 bits, and a cast that cannot be done gives a value and no error. */
function rewriteCast(node: QueryNode): void {
  const type = node['cast_type'] as QueryNode;
  node['try_cast'] = true;
  if (['INTEGER', 'SMALLINT', 'TINYINT'].includes(textIn(type, 'id'))) type['id'] = 'BIGINT';
}

function rewriteCase(node: QueryNode, kinds: ValueKinds): void {
  const checks = nodesIn(node['case_checks']);
  const alike = asOneKind(branchesOf(node), kinds);
  for (const [index, check] of checks.entries()) check['then_expr'] = alike[index];
  if (isNode(node['else_expr'])) node['else_expr'] = alike[checks.length];
}

const conditionKeys = ['where_clause', 'having', 'condition', 'when_expr', 'filter'];

/** A text is a condition by the number that it begins with. */
function rewriteConditions(node: QueryNode, kinds: ValueKinds): void {
  for (const key of conditionKeys) if (key in node) node[key] = asCondition(node[key], kinds);
  const isLogic = node['class'] === 'CONJUNCTION' || node['type'] === 'OPERATOR_NOT';
  if (isLogic) node['children'] = nodesIn(node['children']).map((child) => asCondition(child, kinds));
  if (node['class'] === 'FUNCTION' && textIn(node, 'function_name').toLowerCase() === 'iif') {
    const [first, ...others] = nodesIn(node['children']);
    node['children'] = [asCondition(first, kinds), ...asOneKind(others, kinds)];
  }
}

function asCondition(value: unknown, kinds: ValueKinds): unknown {
  return isNode(value) && kinds.of(value)?.type === 'text' ? callOf('sqlite_true', [value]) : value;
}

/** Of several rows, a subquery that stands for a value gives the first. */
function takeFirst(node: QueryNode): void {
  const query = isNode(node['subquery']) ? node['subquery']['node'] : undefined;
  if (!isNode(query)) return;
  const modifiers = nodesIn(query['modifiers']);
  const types = new Set(modifiers.map(({ type }) => type));
  if (!types.has('ORDER_MODIFIER') || types.has('LIMIT_MODIFIER')) return;
  query['modifiers'] = [...modifiers, { type: 'LIMIT_MODIFIER', limit: numberConstant(1), offset: null }];
}
