import { aliasOf } from './value-kinds.ts';
import { isNode, nodesIn, type QueryNode, textIn } from './query-tree.ts';

/** One thing that a SELECT reads from. */
export interface FromItem {
  readonly alias: string;
  /** Name of the table; undefined for a subquery. Names of WITH are tables too. */
  readonly table: string | undefined;
  readonly node: QueryNode;
}

/** Something that must hold, but for rows of `keeps`: an outer join shows those without a partner too. */
interface JoinCondition {
  readonly node: QueryNode;
  readonly keeps: readonly FromItem[];
}

/** A SELECT with what it reads and what it asks, and the SELECT around it. */
export interface Scope {
  readonly items: readonly FromItem[];
  /** Parts of WHERE and of ON that all must hold. */
  readonly conditions: readonly JoinCondition[];
  /** Columns joined by USING, each with the items on the left of it, and the one on the right. */
  readonly using: readonly {
    readonly columns: readonly string[];
    readonly left: readonly FromItem[];
    readonly right: readonly FromItem[];
    readonly keeps: readonly FromItem[];
  }[];
  readonly outer: Scope | undefined;
  /** WITH clauses that can be seen here, nearest last. */
  readonly withs: readonly QueryNode[];
}

/** Every SELECT of a query, the outer before the inner ones. */
export function scopesOf(query: QueryNode): Scope[] {
  const scopes: Scope[] = [];
  visit(query, undefined, [], scopes);
  return scopes;
}

function visit(node: unknown, outer: Scope | undefined, withs: readonly QueryNode[], scopes: Scope[]): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, outer, withs, scopes);
    return;
  }
  if (!isNode(node)) return;
  const own = isNode(node['cte_map']) ? nodesIn(node['cte_map']['map']) : [];
  const visible = [...withs, ...own];
  let scope = outer;
  if (node['type'] === 'SELECT_NODE') {
    scope = scopeOf(node, outer, visible);
    scopes.push(scope);
  }
  for (const key in node) visit(node[key], scope, visible, scopes);
}

function scopeOf(select: QueryNode, outer: Scope | undefined, withs: readonly QueryNode[]): Scope {
  const conditions: JoinCondition[] = [];
  const using: { columns: string[]; left: FromItem[]; right: FromItem[]; keeps: FromItem[] }[] = [];
  const read = (node: unknown): FromItem[] => {
    if (!isNode(node)) return [];
    if (node['type'] === 'JOIN') {
      const [left, right] = [read(node['left']), read(node['right'])];
      const keeps = keptItems(textIn(node, 'join_type'), left, right);
      conditions.push(...partsOf(node['condition']).map((part) => ({ node: part, keeps })));
      const columns = (node['using_columns'] as string[] | undefined) ?? [];
      const lowered = columns.map((column) => column.toLowerCase());
      if (columns.length > 0) using.push({ columns: lowered, left, right, keeps });
      return [...left, ...right];
    }
    const table = node['type'] === 'BASE_TABLE' ? textIn(node, 'table_name').toLowerCase() : undefined;
    return table === undefined && node['type'] !== 'SUBQUERY' ? [] : [{ alias: aliasOf(node), table, node }];
  };
  const items = read(select['from_table']);
  conditions.push(...partsOf(select['where_clause']).map((node) => ({ node, keeps: [] })));
  return { items, conditions, using, outer, withs };
}

/** Whose rows a join shows without a partner: of a kind that is not known, those of both sides. */
function keptItems(joinType: string, left: readonly FromItem[], right: readonly FromItem[]): FromItem[] {
  if (joinType === 'INNER' || joinType === 'SEMI') return [];
  if (joinType === 'LEFT') return [...left];
  return joinType === 'RIGHT' ? [...right] : [...left, ...right];
}

function partsOf(condition: unknown): QueryNode[] {
  if (!isNode(condition)) return [];
  if (condition['type'] !== 'CONJUNCTION_AND') return [condition];
  return nodesIn(condition['children']).flatMap(partsOf);
}
