import { columnEntries } from '../events/event.ts';
import type { RuleQuery } from '../detect/rules/rule-language.ts';
import type { HuntCell, RuleHunt } from './service.ts';

/** What is shown of a match; a kind without the column shows nothing there. */
const shown = [
  ['host_name', 'VARCHAR'],
  ['user_name', 'VARCHAR'],
  ['process_name', 'VARCHAR'],
  ['process_command_line', 'VARCHAR'],
  ['file_path', 'VARCHAR'],
  ['destination_ip', 'VARCHAR'],
  ['destination_port', 'BIGINT'],
] as const;

/** Of a match of one rule. */
const keptColumns = [
  ['kind', 'VARCHAR'],
  ['time', 'TIMESTAMP'],
  ...shown,
  ['evidence_id', 'BIGINT'],
  ['evidence_at', 'BIGINT'],
] as const;
export const kept = keptColumns.map(([name]) => name);
/** Places of the numbers by which matches stand in order. */
export const order = (['time', 'evidence_id', 'evidence_at'] as const).map((name) => kept.indexOf(name));

/** What stands behind that in a match of several events: since when, how many, and what they have in common. */
const sharedColumns = [
  ['group', 'MAP(VARCHAR, VARCHAR)'],
  ['first_time', 'TIMESTAMP'],
  ['events', 'BIGINT'],
] as const;

/** Of a question of no kind, what its rows have in common stands behind. */
export function shownColumns({ kind, group = [] }: RuleQuery): string {
  const known = new Map<string, string>(
    kind === undefined
      ? group.map(({ from, column }) => [from ?? '', column])
      : columnEntries(kind).map(([name]) => [name, `"${name}"`]),
  );
  const what = shown.map(([name, type]) => {
    const isShown = kind !== undefined || type === 'VARCHAR';
    return `${(isShown ? known.get(name) : undefined) ?? 'NULL'} AS "${name}"`;
  });
  const own = ['time', ...what, 'evidence_id', 'evidence_at'];
  const shared = kind === undefined ? ['first_time', 'matches', ...group.map(({ column }) => column)] : [];
  return [`'${kind ?? 'correlation'}' AS kind`, ...own, ...shared].join(', ');
}

type Row = readonly HuntCell[];

/** The row with the values that its events have in common in one cell. */
export function withGroup(row: Row, { kind, group = [] }: RuleQuery): Row {
  if (kind !== undefined) return row;
  const [first = null, matches = null, ...values] = row.slice(kept.length);
  const named = Object.fromEntries(group.map(({ field }, at) => [field, textOf(values[at])]));
  return [...row.slice(0, kept.length), named, first, matches];
}

/** Values that events have in common are texts. */
function textOf(value: HuntCell | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Rows with their columns: those of matches of several events only where there are such. */
export function huntedTable(found: readonly Row[]): Pick<RuleHunt, 'columns' | 'rows'> {
  const isShared = found.some((row) => row.length > kept.length + 1);
  const before = ['rule', 'kind', 'time'].length;
  const rows = found.map((row) => {
    const own = row.slice(0, kept.length + 1);
    const shared = sharedColumns.map((_column, at) => row[own.length + at] ?? null);
    return isShared ? [...own.slice(0, before), ...shared, ...own.slice(before)] : own;
  });
  const own = [['rule', 'VARCHAR'], ...keptColumns] as const;
  const all = isShared ? [...own.slice(0, before), ...sharedColumns, ...own.slice(before)] : own;
  return { columns: all.map(([name, type]) => ({ name, type })), rows };
}
