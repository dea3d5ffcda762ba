import type { ConditionDialect } from '../../../../match/condition/sql/dialect.ts';
import type { Macros } from '../../../../store/macros.ts';
import type { ResolvedCorrelation } from '../collection.ts';
import type { Bound, SigmaCorrelation, SigmaRule } from '../model.ts';
import { chainLength } from './sql-chain.ts';

/** Rows of a store that a rule matches. */
export interface MatchedRows {
  /** Table, or a query in parentheses, with the columns `time`, `evidence_id` and `evidence_at`. */
  readonly from: string;
  readonly where: string;
  /** Text of a field of the rule, as SQL; undefined when the rows do not have it. */
  field(name: string): string | undefined;
}

export interface CorrelationSqlOptions {
  readonly dialect: ConditionDialect;
  readonly macros: Macros;
  rows(rule: SigmaRule): readonly MatchedRows[];
}

/**
 * A correlation over stored events: a row for each time it began to hold, with `time`, `first_time`, `matches` (events in
 * the window), `evidence_id`, `evidence_at` of the last event, and a text column for each `group-by` field. Windows are
 * those of the live execution: they end at an event and are closed at both ends.
 */
export function correlationSql(correlation: ResolvedCorrelation, options: CorrelationSqlOptions): string {
  const groups = groupColumns(correlation.document).map((name, index) => `${group(index)} AS ${name}`);
  const columns = [...answered, ...groups];
  return `SELECT ${columns.join(', ')} FROM (${judgedSql(correlation, [], options)}) WHERE is_new`;
}

const answered = ['time', 'first_time', 'matches', 'evidence_id', 'evidence_at'];

/** Quoted names of the answer's columns for the `group-by` fields: the field's own, with `_` behind it where that is taken (engines ignore case). */
export function groupColumns({ groupBy }: SigmaCorrelation): string[] {
  const taken = new Set(answered);
  return groupBy.map((field) => {
    let name = field;
    while (taken.has(name.toLowerCase())) name += '_';
    taken.add(name.toLowerCase());
    return `"${name.replaceAll('"', '""')}"`;
  });
}

const group = (index: number): string => `group_${index}`;
const carried = (index: number): string => `carried_${index}`;

/** Every event of the rules with `holds` and `is_new`; `carry`: fields that a correlation of this one needs. */
function judgedSql(
  { document, parts }: ResolvedCorrelation,
  carry: readonly string[],
  options: CorrelationSqlOptions,
): string {
  const union = parts.flatMap((part, index) => partRows(document, part, index, carry, options));
  const keys = document.groupBy.map((_field, index) => group(index));
  const present = keys.map((key) => `${key} IS NOT NULL`);
  const rows = `SELECT *, ${options.macros.micros('time')} AS moment FROM (${union.join(' UNION ALL ')})${
    present.length === 0 ? '' : ` WHERE ${present.join(' AND ')}`
  }`;
  const by = keys.length === 0 ? '' : `PARTITION BY ${keys.join(', ')} `;
  const order = `${by}ORDER BY moment, evidence_id, evidence_at, part`;
  const span = Math.round(document.timespanSeconds * 1e6);
  const window = `(${by}ORDER BY moment RANGE BETWEEN ${span} PRECEDING AND CURRENT ROW)`;
  const peers = `(${by}ORDER BY moment RANGE BETWEEN CURRENT ROW AND CURRENT ROW)`;
  const { from, measure } = measured(document, rows, { window, peers, order, span, ...options });
  const counted = `SELECT *, ${measure} AS measured, min(time) OVER ${window} AS first_time, count(*) OVER ${window} AS matches FROM (${from})`;
  const judged = `SELECT *, coalesce(${boundsSql(document.bounds)}, FALSE) AS holds FROM (${counted})`;
  const goesOn = `coalesce(lag(holds) OVER (${order}) AND lag(moment) OVER (${order}) >= moment - ${span}, FALSE)`;
  return `SELECT *, holds AND NOT ${goesOn} AS is_new FROM (${judged})`;
}

function partRows(
  document: SigmaCorrelation,
  part: ResolvedCorrelation['parts'][number],
  index: number,
  carry: readonly string[],
  options: CorrelationSqlOptions,
): string[] {
  const aliased = groupFields(document, part, index);
  // What a correlation above needs is the group's value where it names a group field, else the event's own.
  const above = carry.map((field) => aliased[document.groupBy.indexOf(field)] ?? field);
  const wanted = [...aliased, ...above, ...(document.field === undefined ? [] : [document.field])];
  const columnsOf = (field: (name: string) => string | undefined): string => {
    const texts = wanted.map((name) => field(name) ?? 'CAST(NULL AS VARCHAR)');
    const aliases = [...aliased.map((_name, at) => group(at)), ...above.map((_name, at) => carried(at)), 'value'];
    const columns = texts.map((text, at) => `${text} AS ${aliases[at] ?? ''}`);
    return ['time', 'evidence_id', 'evidence_at', `${index} AS part`, ...columns].join(', ');
  };
  if (!('parts' in part)) {
    return options
      .rows(part.document)
      .map((rows) => `SELECT ${columnsOf((name) => rows.field(name))} FROM ${rows.from} WHERE ${rows.where}`);
  }
  const inner = [...new Set(wanted)];
  const moments = document.type.startsWith('temporal') ? 'holds' : 'is_new';
  const columns = columnsOf((name) => carried(inner.indexOf(name)));
  return [`SELECT ${columns} FROM (${judgedSql(part, inner, options)}) WHERE ${moments}`];
}

/** The `group-by` fields in the words of one of the rules. */
export function groupFields(
  { rules, groupBy, aliases }: SigmaCorrelation,
  { document: { name, id } }: ResolvedCorrelation['parts'][number],
  index: number,
): string[] {
  const names = [rules[index]?.to, name, id].filter((one) => one !== undefined);
  return groupBy.map((field) => {
    const alias = aliases.get(field);
    return names.map((one) => alias?.get(one)).find((own) => own !== undefined) ?? field;
  });
}

interface WindowOptions extends CorrelationSqlOptions {
  readonly window: string;
  /** Rows of the same time. */
  readonly peers: string;
  readonly order: string;
  readonly span: number;
}

/** The measured number of each row's window as an expression, over rows that may have got helping columns. */
function measured(
  document: SigmaCorrelation,
  rows: string,
  options: WindowOptions,
): { readonly from: string; readonly measure: string } {
  const { window, macros, dialect } = options;
  const number = `coalesce(${dialect.wholeToReal(dialect.wholeOfText('value'))}, ${dialect.realOfText('value')})`;
  switch (document.type) {
    case 'event_count':
      return { from: rows, measure: `count(*) OVER ${window}` };
    case 'value_count':
      return { from: rows, measure: `${macros.countDistinct('value')} OVER ${window}` };
    case 'value_sum':
      return { from: rows, measure: `sum(${number}) OVER ${window}` };
    case 'value_avg':
      return { from: rows, measure: `avg(${number}) OVER ${window}` };
    case 'value_median':
      return { from: rows, measure: `${macros.median(number)} OVER ${window}` };
    case 'value_percentile':
      return { from: rows, measure: `${macros.quantile(number, document.percentile / 100)} OVER ${window}` };
    case 'temporal': {
      const seen = document.rules.map(
        (_rule, index) => `max(CASE WHEN part = ${index} THEN 1 ELSE 0 END) OVER ${window}`,
      );
      return { from: rows, measure: seen.join(' + ') };
    }
    case 'temporal_ordered':
      return chainLength(rows, document.rules.length, options);
  }
}

const signs = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '<>' } as const;

function boundsSql(bounds: readonly Bound[]): string {
  return bounds.map(({ operator, value }) => `measured ${signs[operator]} ${value}`).join(' AND ');
}
