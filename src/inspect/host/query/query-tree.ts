import { VakthundError } from '../../../base/errors.ts';
import type { ScratchStore } from '../../../store/duckdb/scratch.ts';

/** A node of a parsed statement, as the engine writes it down (`json_serialize_sql`). */
export interface QueryNode {
  [key: string]: unknown;
}

/** A parsed statement: the whole answer of the engine, and its one query in it. */
export interface ParsedQuery {
  readonly document: QueryNode;
  readonly query: QueryNode;
}

/** Statements nest no deeper: the engine's own bound is near. */
const maxDepth = 400;

/** Parses one SELECT. What the parser does not take, and what is no single SELECT, is an error of the query. */
export async function parseQuery(sql: string, store: ScratchStore): Promise<ParsedQuery> {
  const [row] = await store.ask('SELECT json_serialize_sql(?::VARCHAR)', [sql]);
  const document = JSON.parse(String(row?.[0]), keepNumbers) as QueryNode;
  if (document['error'] === true) throw new VakthundError('STORE_QUERY', textIn(document, 'error_message'));
  const statements = document['statements'] as { node: QueryNode }[];
  const [first] = statements;
  if (first === undefined || statements.length !== 1) {
    throw new VakthundError('QUERY_REFUSED', `one statement is run at a time, this is ${statements.length}`);
  }
  return { document, query: first.node };
}

/** The statement as SQL again. */
export async function printQuery({ document }: ParsedQuery, store: ScratchStore): Promise<string> {
  const [row] = await store.ask('SELECT json_deserialize_sql(?::JSON)', [JSON.stringify(document)]);
  return String(row?.[0]);
}

/** A statement that is this query. */
export function statementOf(query: QueryNode): ParsedQuery {
  return { document: { error: false, statements: [{ node: query }] }, query };
}

/** Writes a number as it was read (ES2026; Node has it, the types do not yet). */
const rawJson = (JSON as unknown as { readonly rawJSON: (this: void, text: string) => unknown }).rawJSON;

/** Places in the text go past 2^53 where there is none, and numbers of the query may or have a point: none may change on the way. */
function keepNumbers(this: unknown, key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === 'query_location') return 0;
  if (typeof value !== 'number' || context?.source === undefined) return value;
  // `1000.0` is of another type than `1000`.
  return Number.isSafeInteger(value) && /^-?\d+$/.test(context.source) ? value : rawJson(context.source);
}

/** A member that is a text; empty when it is none. */
export function textIn(node: QueryNode, key: string): string {
  const value = node[key];
  return typeof value === 'string' ? value : '';
}

export function isNode(value: unknown): value is QueryNode {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function nodesIn(value: unknown): QueryNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Every node below, parents first. */
export function* walkNodes(value: unknown, depth = 0): Generator<QueryNode> {
  if (depth > maxDepth) throw new VakthundError('QUERY_LIMIT', 'the statement is nested too deeply');
  if (Array.isArray(value)) {
    for (const item of value) yield* walkNodes(item, depth + 1);
  } else if (isNode(value)) {
    yield value;
    for (const key in value) if (typeof value[key] === 'object') yield* walkNodes(value[key], depth + 1);
  }
}

/** The parts of a column's name, table first; undefined for what is no column. */
export function columnOf(node: unknown): readonly string[] | undefined {
  if (!isNode(node) || node['class'] !== 'COLUMN_REF') return undefined;
  return (node['column_names'] as string[]).map((part) => part.toLowerCase());
}

/** The value of a constant as text; undefined for NULL, for what is no constant, and for decimals, whose value stands there without its point. */
export function constantOf(node: unknown): string | undefined {
  if (!isNode(node) || node['class'] !== 'CONSTANT') return undefined;
  const value = node['value'] as QueryNode;
  if (value['is_null'] === true || (value['type'] as QueryNode)['id'] === 'DECIMAL') return undefined;
  const plain = value['value'];
  return typeof plain === 'string' || typeof plain === 'number' || typeof plain === 'boolean'
    ? String(plain)
    : undefined;
}

export function isTextConstant(node: unknown): boolean {
  return (
    isNode(node) &&
    node['class'] === 'CONSTANT' &&
    ((node['value'] as QueryNode)['type'] as QueryNode)['id'] === 'VARCHAR'
  );
}

export function textConstant(value: string): QueryNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'VARCHAR', type_info: null }, is_null: false, value },
  };
}

export function castOf(child: QueryNode, type: string): QueryNode {
  return {
    class: 'CAST',
    type: 'OPERATOR_CAST',
    alias: '',
    query_location: 0,
    child,
    cast_type: { id: type, type_info: null },
    try_cast: true,
  };
}

export function callOf(name: string, children: readonly QueryNode[], alias = ''): QueryNode {
  return {
    class: 'FUNCTION',
    type: 'FUNCTION',
    alias,
    query_location: 0,
    function_name: name,
    schema: '',
    children,
    filter: null,
    order_bys: { type: 'ORDER_MODIFIER', orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
    catalog: '',
  };
}

export function numberConstant(value: number): QueryNode {
  return {
    class: 'CONSTANT',
    type: 'VALUE_CONSTANT',
    alias: '',
    query_location: 0,
    value: { type: { id: 'BIGINT', type_info: null }, is_null: false, value },
  };
}

export function comparisonOf(type: string, left: QueryNode, right: QueryNode): QueryNode {
  return { class: 'COMPARISON', type, alias: '', query_location: 0, left, right };
}

export function bothOf(children: readonly QueryNode[]): QueryNode {
  return { class: 'CONJUNCTION', type: 'CONJUNCTION_AND', alias: '', query_location: 0, children };
}

/** Puts another expression in the place of one, under its name. */
export function become(node: QueryNode, other: QueryNode): void {
  const alias = textIn(node, 'alias');
  const changed = { ...other, alias };
  for (const key in node) delete node[key];
  Object.assign(node, changed);
}
