import { callOf, columnOf, isNode, nodesIn, type QueryNode, textIn } from './query-tree.ts';

/** Aggregates that queries for osquery use; anything else is taken for a function of one row. */
const aggregates = new Set(
  'count count_star sum sqlite_total total min max avg median group_concat string_agg any_value first last json_group_array json_group_object'.split(
    ' ',
  ),
);

/**
 * SQLite takes any row of a group for columns that GROUP BY does not name. A query without aggregates becomes DISTINCT ON;
 * in others, such columns become `first(…)`; beside one `max()` or `min()` they come from the row that has it (lang_select, 2.4).
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
  const pick = pickBeside(extremeOf([...list, select['having'], ...orders]));
  select['select_list'] = list.map((item, index) => {
    const alias = textIn(item, 'alias').toLowerCase();
    if (positions.has(index + 1) || (alias !== '' && named.has(alias))) return item;
    return loosen(item, named, pick, true);
  });
  const aliases = new Set([...named, ...list.map((item) => textIn(item, 'alias').toLowerCase())]);
  if (isNode(select['having'])) select['having'] = loosen(select['having'], aliases, pick, false);
  for (const modifier of modifiers) {
    for (const order of nodesIn(modifier['orders'])) {
      if (isNode(order['expression'])) order['expression'] = loosen(order['expression'], aliases, pick, false);
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
  return isNode(node) && aggregatesIn(node).length > 0;
}

/** Those of this query; inner queries have their own. */
function aggregatesIn(node: QueryNode): QueryNode[] {
  if (isAggregate(node)) return [node];
  if (node['type'] === 'SELECT_NODE') return [];
  return Object.values(node)
    .flatMap((value): unknown[] => (Array.isArray(value) ? value : [value]))
    .flatMap((below) => (isNode(below) ? aggregatesIn(below) : []));
}

/** The only `max()` or `min()` of a query. */
function extremeOf(nodes: readonly unknown[]): QueryNode | undefined {
  const found = nodes
    .filter(isNode)
    .flatMap(aggregatesIn)
    .filter((node) => ['min', 'max'].includes(textIn(node, 'function_name').toLowerCase()));
  const different = new Set(found.map((node) => JSON.stringify({ ...node, alias: '' })));
  return different.size === 1 ? found[0] : undefined;
}

type Pick = (column: QueryNode, alias: string) => QueryNode;

/** How a column that the groups do not name gets its value. */
function pickBeside(extreme: QueryNode | undefined): Pick {
  const [of] = nodesIn(extreme?.['children']);
  if (extreme === undefined || of === undefined || isNode(extreme['filter'])) {
    return (column, alias) => callOf('first', [column], alias);
  }
  const end = textIn(extreme, 'function_name').toLowerCase();
  return (column, alias) =>
    callOf(column['class'] === 'STAR' ? `arg_${end}_null` : `sqlite_beside_${end}`, [column, of], alias);
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

/** The expression with each column that the groups do not name picked from some row. A result column keeps its name. */
function loosen(node: QueryNode, named: ReadonlySet<string>, pick: Pick, isResult: boolean): QueryNode {
  if (isAggregate(node)) return node;
  if (node['class'] === 'STAR') {
    return pick({ ...node, columns: true }, '');
  }
  const parts = columnOf(node);
  if (parts !== undefined) {
    const name = parts.at(-1) ?? '';
    if (named.has(name)) return node;
    const alias = textIn(node, 'alias');
    const ownName = (node['column_names'] as string[]).at(-1) ?? '';
    return pick({ ...node, alias: '' }, isResult && alias === '' ? ownName : alias);
  }
  return changeBelow(node, (below) => loosen(below, named, pick, false));
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
