import { callOf, columnOf, isNode, nodesIn, walkNodes, type QueryNode, textIn } from './query-tree.ts';

/** Aggregates that queries for osquery use; anything else is taken for a function of one row. */
const aggregates = new Set(
  'count count_star sum sqlite_total total min max avg group_concat string_agg any_value first last json_group_array json_group_object'.split(
    ' ',
  ),
);

/**
 * SQLite takes any row of a group for columns that GROUP BY does not name. A query without aggregates becomes DISTINCT ON;
 * in others, such columns become `any_value(…)`.
 */
export function loosenGroups(select: QueryNode): void {
  const groups = nodesIn(select['group_expressions']);
  const modifiers = nodesIn(select['modifiers']);
  const list = nodesIn(select['select_list']);
  const orders = modifiers.flatMap((modifier) => nodesIn(modifier['orders']).map((order) => order['expression']));
  const hasAggregate = [...list, select['having'], ...orders].some(containsAggregate);
  if (groups.length === 0 && !hasAggregate) return;
  if (!hasAggregate && !isNode(select['having'])) {
    const isDistinct = modifiers.some(({ type }) => type === 'DISTINCT_MODIFIER');
    if (!isDistinct) {
      select['modifiers'] = [{ type: 'DISTINCT_MODIFIER', distinct_on_targets: groups }, ...modifiers];
      select['group_expressions'] = [];
      select['group_sets'] = [];
      return;
    }
  }
  const named = new Set(groups.flatMap((group) => columnOf(group)?.at(-1) ?? []));
  const positions = new Set(groups.flatMap((group) => positionOf(group) ?? []));
  if (isNode(select['where_clause'])) select['where_clause'] = withoutAliases(select['where_clause'], list);
  select['select_list'] = list.map((item, index) => {
    const alias = textIn(item, 'alias').toLowerCase();
    if (positions.has(index + 1) || (alias !== '' && named.has(alias))) return item;
    return loosen(item, named, true);
  });
  const aliases = new Set([...named, ...list.map((item) => textIn(item, 'alias').toLowerCase())]);
  if (isNode(select['having'])) select['having'] = loosen(select['having'], aliases, false);
  for (const modifier of modifiers) {
    for (const order of nodesIn(modifier['orders'])) {
      if (isNode(order['expression'])) order['expression'] = loosen(order['expression'], aliases, false);
    }
  }
}

/** WHERE may name a result column, which would be an aggregate once it is loosened: it gets what the column is made of. */
function withoutAliases(node: QueryNode, list: readonly QueryNode[]): QueryNode {
  const [name = '', ...rest] = columnOf(node) ?? [];
  if (name !== '' && rest.length === 0) {
    const item = list.find((one) => textIn(one, 'alias').toLowerCase() === name);
    if (item === undefined || containsAggregate(item) || columnOf(item)?.at(-1) === name) return node;
    return { ...item, alias: '' };
  }
  return changeBelow(node, (below) => withoutAliases(below, list));
}

function containsAggregate(node: unknown): boolean {
  if (!isNode(node)) return false;
  for (const below of walkNodes(node)) if (isAggregate(below)) return true;
  return false;
}

function isAggregate(node: QueryNode): boolean {
  if (node['class'] !== 'FUNCTION') return false;
  const name = textIn(node, 'function_name').toLowerCase();
  const isScalar = (name === 'min' || name === 'max') && nodesIn(node['children']).length > 1;
  return aggregates.has(name) && !isScalar;
}

function positionOf(group: QueryNode): number | undefined {
  if (group['class'] !== 'CONSTANT') return undefined;
  const value = (group['value'] as QueryNode)['value'];
  return typeof value === 'number' ? value : undefined;
}

/** The expression with `any_value` around each column that the groups do not name. A result column keeps its name. */
function loosen(node: QueryNode, named: ReadonlySet<string>, isResult: boolean): QueryNode {
  if (isAggregate(node)) return node;
  if (node['class'] === 'STAR') {
    return callOf('any_value', [{ ...node, columns: true }]);
  }
  const parts = columnOf(node);
  if (parts !== undefined) {
    const name = parts.at(-1) ?? '';
    if (named.has(name)) return node;
    const alias = textIn(node, 'alias');
    const ownName = (node['column_names'] as string[]).at(-1) ?? '';
    return callOf('any_value', [{ ...node, alias: '' }], isResult && alias === '' ? ownName : alias);
  }
  return changeBelow(node, (below) => loosen(below, named, false));
}

/** The node with each node directly below it changed; inner queries are left alone. */
function changeBelow(node: QueryNode, change: (below: QueryNode) => QueryNode): QueryNode {
  const apply = (value: QueryNode): QueryNode => (value['type'] === 'SELECT_NODE' ? value : change(value));
  const changed: QueryNode = { ...node };
  for (const key in node) {
    const value = node[key];
    if (isNode(value)) changed[key] = apply(value);
    else if (Array.isArray(value)) {
      changed[key] = value.map((item: unknown) => (isNode(item) ? apply(item) : item));
    }
  }
  return changed;
}
