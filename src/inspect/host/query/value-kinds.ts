import type { HostColumns, HostColumnType } from '../table.ts';
import { columnOf, isNode, isTextConstant, nodesIn, walkNodes, type QueryNode, textIn } from './query-tree.ts';

export type ValueType = 'text' | 'integer' | 'real' | 'number' | 'boolean';

/** What SQLite makes of an expression: `number` is an integer or real. */
export interface ValueKind {
  readonly type: ValueType;
  /** Columns and casts have an affinity, which they lend to what they are compared with; other expressions have none (datatype3, 4.2). */
  readonly hasAffinity: boolean;
}

const ofColumn: Readonly<Record<HostColumnType, ValueType>> = {
  text: 'text',
  integer: 'integer',
  bigint: 'integer',
  double: 'real',
};

const texts =
  'lower upper substr substring trim ltrim rtrim replace hex sqlite_hex quote char sqlite_char printf format datetime sqlite_date sqlite_time strftime group_concat string_agg concat || typeof split regex_match regex_split json_extract json_type json_group_array json_group_object json_object json_array';
const integers =
  'length instr unicode count count_star unixepoch sqlite_integer sign inet_aton json_array_length rank dense_rank row_number ntile & | ~ << >>';
const reals = 'round avg total julianday sqlite_real sqrt exp ln log2 log10 pi';
const returned: ReadonlyMap<string, ValueType> = new Map([
  ...texts.split(' ').map((name) => [name, 'text'] as const),
  ...integers.split(' ').map((name) => [name, 'integer'] as const),
  ...reals.split(' ').map((name) => [name, 'real'] as const),
  ...'~~ !~~ ~~~ like_escape not_like_escape regexp_full_match'.split(' ').map((name) => [name, 'boolean'] as const),
]);
/** Casts are calls of the first by now; a value of JSON is a text here and a number there, so that it takes what it is held against. */
const lending = new Set(['sqlite_integer', 'sqlite_real', 'json_extract']);
const arithmetic = new Set(['+', '-', '*', '/', '%']);
/** Give what they are given: at which places. */
const passing: Readonly<Record<string, number>> = { min: 0, max: 0, abs: 0, sum: 0, nullif: 0, ifnull: 0, iif: 1, lag: 0, lead: 0, first_value: 0, last_value: 0 }; // prettier-ignore

/** The kinds of values of a query, as far as its tables, its own names and what functions give tell them. */
export class ValueKinds {
  readonly #byAlias = new Map<string, HostColumns>();
  readonly #all: HostColumns[] = [];
  /** By the name that the query gives; null where several of that name differ. */
  readonly #given = new Map<string, ValueKind | null>();

  constructor(query: QueryNode, columnsOf: (table: string) => HostColumns | undefined) {
    const nodes = [...walkNodes(query)];
    for (const node of nodes) {
      if (node['type'] !== 'BASE_TABLE') continue;
      const columns = columnsOf(textIn(node, 'table_name').toLowerCase());
      if (columns === undefined) continue;
      this.#byAlias.set(aliasOf(node), columns);
      this.#all.push(columns);
    }
    // Inner queries first; a name that is made of others is known once they are.
    for (let round = 0; round < 2; round++) for (const node of nodes.toReversed()) this.#learn(node);
  }

  /** Undefined for NULL, and for what cannot be told. */
  of(node: unknown): ValueKind | undefined {
    if (!isNode(node)) return undefined;
    switch (node['class']) {
      case 'COLUMN_REF':
        return this.#ofColumn(columnOf(node) ?? []);
      case 'CONSTANT':
        return ofConstant(node);
      case 'FUNCTION':
      case 'WINDOW':
        return this.#ofCall(node);
      case 'CAST':
        return ofCast(node);
      case 'COLLATE':
        return this.of(node['child']);
      case 'COMPARISON':
      case 'CONJUNCTION':
      case 'BETWEEN':
        return { type: 'boolean', hasAffinity: false };
      case 'OPERATOR':
        if (node['type'] !== 'OPERATOR_COALESCE') return { type: 'boolean', hasAffinity: false };
        return this.together(nodesIn(node['children']));
      case 'CASE':
        return this.together(branchesOf(node));
      case 'SUBQUERY':
        return this.#ofSubquery(node);
      default:
        return undefined;
    }
  }

  /** One kind for values that stand for each other; texts win, as the engine will give texts. */
  together(nodes: readonly unknown[]): ValueKind | undefined {
    const types = new Set(nodes.flatMap((node) => this.of(node)?.type ?? []));
    const [first] = types;
    if (first === undefined) return undefined;
    if (types.size === 1) return { type: first, hasAffinity: false };
    return { type: types.has('text') ? 'text' : 'number', hasAffinity: false };
  }

  #ofColumn(parts: readonly string[]): ValueKind | undefined {
    const name = parts.at(-1) ?? '';
    const alias = parts.at(-2);
    const table = alias === undefined ? undefined : this.#byAlias.get(alias);
    if (table !== undefined) {
      const type = table[name];
      return type === undefined ? undefined : { type: ofColumn[type], hasAffinity: true };
    }
    const given = this.#given.get(name);
    if (given === null) return undefined;
    const own = alias === undefined ? this.#all.flatMap((columns) => columns[name] ?? []) : [];
    const types = new Set([...own.map((type) => ofColumn[type]), ...(given === undefined ? [] : [given.type])]);
    const [first] = types;
    if (first === undefined) return undefined;
    const hasAffinity = own.length > 0 || given?.hasAffinity === true;
    if (types.size === 1) return { type: first, hasAffinity };
    return types.has('text') ? undefined : { type: 'number', hasAffinity };
  }

  #ofCall(node: QueryNode): ValueKind | undefined {
    const name = textIn(node, 'function_name').toLowerCase();
    const children = nodesIn(node['children']);
    const place = passing[name];
    if (place !== undefined) {
      const several = children.length > 1 && name !== 'nullif' && name !== 'lag' && name !== 'lead';
      const given = several ? this.together(children.slice(place)) : this.of(children[place]);
      const isNumber = (name === 'abs' || name === 'sum') && given?.type !== 'integer' && given?.type !== 'real';
      return given === undefined ? undefined : { type: isNumber ? 'number' : given.type, hasAffinity: false };
    }
    if (arithmetic.has(name)) {
      const types = new Set(children.map((child) => this.of(child)?.type));
      if (types.has('real') && name !== '%') return { type: 'real', hasAffinity: false };
      const areIntegers = [...types].every((type) => type === 'integer' || type === 'boolean');
      return { type: areIntegers ? 'integer' : 'number', hasAffinity: false };
    }
    const type = returned.get(name);
    return type === undefined ? undefined : { type, hasAffinity: lending.has(name) };
  }

  #ofSubquery(node: QueryNode): ValueKind | undefined {
    if (node['subquery_type'] !== 'SCALAR') return { type: 'boolean', hasAffinity: false };
    const query = isNode(node['subquery']) ? node['subquery']['node'] : undefined;
    return isNode(query) ? this.of(nodesIn(query['select_list'])[0]) : undefined;
  }

  #learn(node: QueryNode): void {
    if (node['type'] === 'SELECT_NODE') {
      for (const item of nodesIn(node['select_list'])) this.#give(textIn(item, 'alias'), item);
      return;
    }
    const query = isNode(node['query']) && isNode(node['query']['node']) ? node['query']['node'] : undefined;
    const names = node['aliases'];
    if (query === undefined || !Array.isArray(names)) return;
    const first = isNode(query['left']) ? query['left'] : query;
    for (const [index, item] of nodesIn(first['select_list']).entries()) this.#give(String(names[index] ?? ''), item);
  }

  #give(alias: string, item: QueryNode): void {
    if (alias === '') return;
    const name = alias.toLowerCase();
    // `SELECT lower(name) AS name`: what the name means here must not be asked for by itself.
    const known = this.#given.get(name);
    const kind = this.of(item) ?? null;
    if (known === undefined) this.#given.set(name, kind);
    else if (known?.type !== kind?.type) this.#given.set(name, null);
  }
}

/** Values that a CASE may have. */
export function branchesOf(node: QueryNode): QueryNode[] {
  const checks = nodesIn(node['case_checks']).map((check) => check['then_expr']);
  return [...checks, node['else_expr']].filter(isNode);
}

function ofConstant(node: QueryNode): ValueKind | undefined {
  const value = node['value'] as QueryNode;
  if (value['is_null'] === true) return undefined;
  if (isTextConstant(node)) return { type: 'text', hasAffinity: false };
  const id = textIn(value['type'] as QueryNode, 'id');
  if (/INT/.test(id)) return { type: 'integer', hasAffinity: false };
  if (/^(?:DOUBLE|FLOAT|DECIMAL)$/.test(id)) return { type: 'real', hasAffinity: false };
  return id === 'BOOLEAN' ? { type: 'boolean', hasAffinity: false } : undefined;
}

function ofCast(node: QueryNode): ValueKind | undefined {
  const type = node['cast_type'] as QueryNode;
  const id = textIn(type, 'id');
  if (id === 'VARCHAR' || /^(?:text|char|varchar)$/i.test(nameIn(type))) return { type: 'text', hasAffinity: true };
  if (/INT/.test(id)) return { type: 'integer', hasAffinity: true };
  return /^(?:DOUBLE|FLOAT|DECIMAL)$/.test(id) ? { type: 'real', hasAffinity: true } : undefined;
}

function nameIn(type: QueryNode): string {
  return isNode(type['type_info']) ? textIn(type['type_info'], 'name') : '';
}

/** The name under which a table stands in its query. */
export function aliasOf(item: QueryNode): string {
  const alias = textIn(item, 'alias');
  return (alias === '' ? textIn(item, 'table_name') : alias).toLowerCase();
}
