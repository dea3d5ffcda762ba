import { columnOf, constantOf, isNode, isTextConstant, nodesIn, walkNodes, type QueryNode } from './query-tree.ts';
import type { FromItem, Scope } from './scopes.ts';

/** One way in which a query fixes a column: by values that it says, or by values that another query gives. */
export type Demand =
  | { readonly column: string; readonly how: 'equal' | 'like'; readonly values: readonly string[] }
  | {
      readonly column: string;
      readonly how: 'query';
      readonly query: QueryNode;
      readonly withs: readonly QueryNode[];
      /** The query wants rows without a value as well, where the other one has none (`IS`). */
      readonly isNullWanted?: true;
    };

/**
 * How a query fixes one of `columns` of an item: any row that it wants fits one of the demands. Undefined when nothing is
 * fixed. What the query says itself is taken before what other tables say.
 */
export function demandsOf(item: FromItem, scope: Scope, columns: readonly string[]): readonly Demand[] | undefined {
  const found: (readonly Demand[])[] = [];
  for (const { node, keeps } of scope.conditions) {
    const demands = keeps.includes(item) ? undefined : derive(node, { item, scope, columns });
    if (demands !== undefined) found.push(demands);
  }
  found.push(...usingDemands(item, scope, columns));
  const rank = (demands: readonly Demand[]): number => Math.max(...demands.map(({ how }) => ranks[how]));
  return found.sort((a, b) => rank(a) - rank(b))[0];
}

const ranks = { equal: 0, like: 1, query: 2 };

interface Wanted {
  readonly item: FromItem;
  readonly scope: Scope;
  readonly columns: readonly string[];
}

function derive(condition: QueryNode, wanted: Wanted): readonly Demand[] | undefined {
  const children = nodesIn(condition['children']);
  switch (condition['type']) {
    case 'CONJUNCTION_AND':
      return children.map((child) => derive(child, wanted)).find((demands) => demands !== undefined);
    case 'CONJUNCTION_OR': {
      const sides = children.map((child) => derive(child, wanted));
      return sides.every((side) => side !== undefined) ? sides.flat() : undefined;
    }
    case 'COMPARE_EQUAL':
      return equalityOf(condition, wanted);
    case 'COMPARE_NOT_DISTINCT_FROM':
      return equalityOf(condition, wanted)?.map((demand) =>
        demand.how === 'query' ? { ...demand, isNullWanted: true } : demand,
      );
    case 'COMPARE_IN': {
      const [first, ...rest] = children;
      const column = wantedColumn(first, wanted);
      const values = rest.map(constantOf);
      if (column === undefined || values.some((value) => value === undefined)) return undefined;
      return [{ column, how: 'equal', values: values.filter((value) => value !== undefined) }];
    }
    case 'SUBQUERY':
      return subqueryDemand(condition, wanted);
    case 'FUNCTION':
      return likeDemand(condition, children, wanted);
    default:
      return undefined;
  }
}

function equalityOf(condition: QueryNode, wanted: Wanted): readonly Demand[] | undefined {
  const { left, right } = condition;
  return equality(left, right, wanted) ?? equality(right, left, wanted);
}

function equality(side: unknown, other: unknown, wanted: Wanted): readonly Demand[] | undefined {
  const column = wantedColumn(side, wanted);
  if (column === undefined || !isNode(other)) return undefined;
  const constant = constantOf(other);
  if (constant !== undefined) return [{ column, how: 'equal', values: [constant] }];
  const source = sourceOf(other, wanted);
  if (source === undefined) return undefined;
  return [{ column, how: 'query', query: distinct(other, source.item), withs: source.scope.withs }];
}

function likeDemand(
  condition: QueryNode,
  children: readonly QueryNode[],
  wanted: Wanted,
): readonly Demand[] | undefined {
  const name = condition['function_name'];
  if (name !== '~~*' && name !== '~~') return undefined;
  const column = wantedColumn(children[0], wanted);
  const pattern = constantOf(children[1]);
  if (column === undefined || pattern === undefined || !isTextConstant(children[1])) return undefined;
  return [{ column, how: 'like', values: [pattern] }];
}

function subqueryDemand(condition: QueryNode, wanted: Wanted): readonly Demand[] | undefined {
  const column = wantedColumn(condition['child'], wanted);
  const subquery = condition['subquery'];
  if (condition['subquery_type'] !== 'ANY' || column === undefined || !isNode(subquery)) return undefined;
  if (condition['comparison_type'] !== 'COMPARE_EQUAL') return undefined;
  return [{ column, how: 'query', query: subquery['node'] as QueryNode, withs: wanted.scope.withs }];
}

function usingDemands(item: FromItem, scope: Scope, columns: readonly string[]): Demand[][] {
  const found: Demand[][] = [];
  for (const { columns: joined, left, right, keeps } of scope.using) {
    if (keeps.includes(item)) continue;
    const beside = left.includes(item) ? right : [];
    const others = right.includes(item) ? left : beside;
    for (const column of columns) {
      if (!joined.includes(column)) continue;
      for (const other of others) {
        const reference = {
          class: 'COLUMN_REF',
          type: 'COLUMN_REF',
          alias: '',
          query_location: 0,
          column_names: [column],
        };
        found.push([{ column, how: 'query', query: distinct(reference, other), withs: scope.withs }]);
      }
    }
  }
  return found;
}

/** The column of the wanted item that a node is. A bare name is it too: were it a column of another item as well, the query would not run. */
function wantedColumn(node: unknown, { item, columns }: Wanted): string | undefined {
  const parts = columnOf(node);
  const name = parts?.at(-1);
  if (parts === undefined || name === undefined || !columns.includes(name)) return undefined;
  const alias = parts.at(-2);
  return alias === undefined || alias === item.alias ? name : undefined;
}

/** The one other item, here or further out, that an expression is made of. */
function sourceOf(expression: QueryNode, { item, scope }: Wanted): { item: FromItem; scope: Scope } | undefined {
  const aliases = new Set<string>();
  for (const node of walkNodes(expression)) {
    if (node['type'] === 'SELECT_NODE') return undefined;
    const parts = columnOf(node);
    if (parts !== undefined) aliases.add(parts.at(-2) ?? '');
  }
  const [alias] = aliases;
  if (aliases.size !== 1 || alias === undefined) return undefined;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.outer) {
    const others = at.items.filter((other) => other !== item);
    const found = alias === '' ? onlyOf(others) : others.find((other) => other.alias === alias);
    if (found !== undefined) return { item: found, scope: at };
  }
  return undefined;
}

function onlyOf(items: readonly FromItem[]): FromItem | undefined {
  return items.length === 1 ? items[0] : undefined;
}

/** `SELECT DISTINCT expression FROM item`. */
function distinct(expression: QueryNode, item: FromItem): QueryNode {
  return {
    type: 'SELECT_NODE',
    modifiers: [{ type: 'DISTINCT_MODIFIER', distinct_on_targets: [] }],
    cte_map: { map: [] },
    select_list: [{ ...expression, alias: '' }],
    from_table: item.node,
    where_clause: null,
    group_expressions: [],
    group_sets: [],
    aggregate_handling: 'STANDARD_HANDLING',
    having: null,
    sample: null,
    qualify: null,
  };
}
