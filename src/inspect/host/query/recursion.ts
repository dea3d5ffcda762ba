import {
  bothOf,
  callOf,
  comparisonOf,
  constantOf,
  isNode,
  nodesIn,
  numberConstant,
  walkNodes,
  type QueryNode,
  textIn,
} from './query-tree.ts';

/** The name under which the text of a query puts the recursive part that has a LIMIT. */
export const limitedPart = 'sqlite_limited_part';
const step = 'sqlite_step';

/**
 * `WITH RECURSIVE t AS (… UNION … LIMIT n)`: SQLite stops at n rows; the engine takes no LIMIT there. Each step gives a row or
 * more, so that n steps are enough: they are counted in a column of its own, and the first n rows are what `t` is.
 */
export function boundRecursions(query: QueryNode): void {
  for (const node of walkNodes(query)) {
    const map = isNode(node['cte_map']) ? node['cte_map'] : undefined;
    if (map === undefined) continue;
    map['map'] = nodesIn(map['map']).flatMap(boundOne);
  }
}

function boundOne(entry: QueryNode): QueryNode[] {
  const value = isNode(entry['value']) ? entry['value'] : {};
  const node = isNode(value['query']) && isNode(value['query']['node']) ? value['query']['node'] : undefined;
  if (node?.['type'] !== 'RECURSIVE_CTE_NODE') return [entry];
  const inner = limitedSelect(node['right']);
  const limit = inner === undefined ? undefined : limitOf(inner);
  if (inner === undefined || limit === undefined) return [entry];
  const name = textIn(entry, 'key');
  const counted = `sqlite_recursive_${name}`;
  inner['modifiers'] = nodesIn(inner['modifiers']).filter(({ type }) => type !== 'LIMIT_MODIFIER');
  addSteps(node['left'], inner, limit.most);
  node['right'] = inner;
  rename(inner, name, counted);
  node['cte_name'] = counted;
  for (const one of [value, node]) {
    const aliases = one['aliases'];
    if (Array.isArray(aliases) && aliases.length > 0) one['aliases'] = [...(aliases as string[]), step];
  }
  const isDistinct = node['union_all'] !== true;
  return [
    { ...entry, key: counted },
    { ...entry, key: name, value: firstOf(counted, limit.modifier, isDistinct) },
  ];
}

/** What `rewriteText` put around the recursive part: `SELECT * FROM (…) sqlite_limited_part`. */
function limitedSelect(right: unknown): QueryNode | undefined {
  const from = isNode(right) ? right['from_table'] : undefined;
  if (!isNode(from) || from['type'] !== 'SUBQUERY' || from['alias'] !== limitedPart) return undefined;
  const inner = isNode(from['subquery']) ? from['subquery']['node'] : undefined;
  return isNode(inner) && inner['type'] === 'SELECT_NODE' ? inner : undefined;
}

function limitOf(inner: QueryNode): { readonly most: number; readonly modifier: QueryNode } | undefined {
  const modifier = nodesIn(inner['modifiers']).find(({ type }) => type === 'LIMIT_MODIFIER');
  if (modifier === undefined) return undefined;
  const most = Number(constantOf(modifier['limit'])) + Number(constantOf(modifier['offset']) ?? 0);
  return Number.isSafeInteger(most) && most >= 0 ? { most, modifier } : undefined;
}

/** Counts the steps in a last column of both parts. */
function addSteps(left: unknown, inner: QueryNode, most: number): void {
  for (const node of walkNodes(left)) {
    if (node['type'] !== 'SELECT_NODE') continue;
    node['select_list'] = [...nodesIn(node['select_list']), { ...numberConstant(1), alias: step }];
    break;
  }
  const column: QueryNode = {
    class: 'COLUMN_REF',
    type: 'COLUMN_REF',
    alias: '',
    query_location: 0,
    column_names: [step],
  };
  inner['select_list'] = [...nodesIn(inner['select_list']), callOf('+', [column, numberConstant(1)], step)];
  const isEarlier = comparisonOf('COMPARE_LESSTHAN', { ...column }, numberConstant(most));
  const where = inner['where_clause'];
  inner['where_clause'] = isNode(where) ? bothOf([where, isEarlier]) : isEarlier;
}

function rename(inner: QueryNode, name: string, counted: string): void {
  for (const node of walkNodes(inner)) {
    if (node['type'] !== 'BASE_TABLE' || textIn(node, 'table_name').toLowerCase() !== name.toLowerCase()) continue;
    node['table_name'] = counted;
    if (textIn(node, 'alias') === '') node['alias'] = name;
  }
}

/** `SELECT * EXCLUDE (step) FROM counted LIMIT …`. */
function firstOf(counted: string, limit: QueryNode, isDistinct: boolean): QueryNode {
  const star = {
    class: 'STAR',
    type: 'STAR',
    alias: '',
    query_location: 0,
    relation_name: '',
    exclude_list: [step],
    replace_list: [],
    columns: false,
    expr: null,
    qualified_exclude_list: [],
    rename_list: [],
  };
  const from = {
    type: 'BASE_TABLE',
    alias: '',
    sample: null,
    query_location: 0,
    schema_name: '',
    table_name: counted,
    column_name_alias: [],
    catalog_name: '',
    at_clause: null,
  };
  const node = {
    type: 'SELECT_NODE',
    modifiers: isDistinct ? [{ type: 'DISTINCT_MODIFIER', distinct_on_targets: [] }, limit] : [limit],
    cte_map: { map: [] },
    select_list: [star],
    from_table: from,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  };
  const query = { node, named_param_map: [] };
  return { aliases: [], query, materialized: 'CTE_MATERIALIZE_DEFAULT', key_targets: [] };
}
