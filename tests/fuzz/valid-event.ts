import { canonicalIp } from '../../src/base/ip.ts';
import type { ColumnType } from '../../src/events/kind.ts';
import { columnEntries, isKindId, type EventRow, type KindId } from '../../src/events/event.ts';

/** What is wrong with an event by its declaration, as one line; undefined when it may enter the store. */
export function faultOf(event: object, emits: readonly KindId[]): string | undefined {
  const row = event as EventRow;
  const kind = row['kind'];
  if (typeof kind !== 'string' || !isKindId(kind)) return `an event of no kind: ${show(kind)}`;
  if (!emits.includes(kind)) return `a ${kind} event, which the source does not declare`;
  const columns = columnEntries(kind);
  if (Object.keys(row).length !== columns.length + 1) {
    return `${kind}: other columns than declared: ${extraKeys(row, kind)}`;
  }
  for (const [name, { type }] of columns) {
    const value = row[name];
    if (value === undefined) return `${kind}.${name} is missing`;
    if (value !== null && !fits[type](value)) return `${kind}.${name} (${type}) holds ${show(value)}`;
  }
  const at = row['evidence_at'];
  if (typeof at !== 'number' || at < 1) return `${kind}.evidence_at is ${show(at)}`;
  return row['time'] === null ? `${kind}.time is null` : undefined;
}

const isWhole = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63;
/** A lone surrogate has no UTF-8 form: the store could not keep it. */
const isText = (value: unknown): value is string => typeof value === 'string' && value.isWellFormed();

const fits: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  text: isText,
  integer: isWhole,
  real: (value) => typeof value === 'number' && Number.isFinite(value),
  boolean: (value) => typeof value === 'boolean',
  time: isWhole,
  duration: isWhole,
  ip: (value) => isText(value) && canonicalIp(value) === value,
  'text[]': (value) => Array.isArray(value) && value.every(isText),
  json: (value) => isText(value) && isJson(value),
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function extraKeys(row: EventRow, kind: KindId): string {
  const declared = new Set(['kind', ...columnEntries(kind).map(([name]) => name)]);
  const extra = Object.keys(row).filter((name) => !declared.has(name));
  const missing = [...declared].filter((name) => !Object.hasOwn(row, name));
  return [...extra.map((name) => `+${name}`), ...missing.map((name) => `-${name}`)].join(' ');
}

function show(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 120);
}
