import { canonicalIp } from '../../../base/ip.ts';
import { quote, type ProblemList } from '../../../base/problem.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { columnEntries, newEvent, type EventRow, type KindId, type VakthundEvent } from '../../../events/event.ts';
import type { ColumnType } from '../../../events/kind.ts';
import { rowOf, splitCsv } from '../../csv.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import { isObject } from '../../mapping/paths.ts';
import type { LineDecoder } from '../../text-lines.ts';
import { kindOfColumns } from './kind.ts';

type Row = Readonly<Record<string, unknown>>;

export const jsonDecoder: JsonDecoder = {
  record(value, line, problems) {
    const { columns, rows } = value;
    const names = Array.isArray(columns)
      ? columns.map((column) => (isObject(column) ? String(column['name']) : ''))
      : [];
    const kind = kindOfColumns(names);
    if (kind === undefined || !Array.isArray(rows)) {
      const message = 'a document is no export of the rows of one kind';
      problems.add({ code: 'bad-record', at: { line }, message });
      return undefined;
    }
    return rows.filter(isObject).map((row) => eventOf(kind, row, line, problems));
  },
};

/** Lines under their header, which the state keeps. */
export function csvDecoder(state: string | undefined): LineDecoder {
  let header = state?.split(',');
  let kind = header === undefined ? undefined : kindOfColumns(header);
  return {
    state: () => header?.join(','),
    line(text, line, problems) {
      if (kind === undefined || header === undefined) {
        header = text.trimEnd().split(',');
        kind = kindOfColumns(header);
        return kind === undefined ? 'the first line names the columns of no kind' : [];
      }
      const fields = splitCsv(text);
      const row = fields === undefined || fields.length !== header.length ? undefined : rowOf(header, fields);
      return row === undefined ? 'a line has not the columns of its header' : eventOf(kind, row, line, problems);
    },
  };
}

/** Whose evidence it was is not told: the place is the one in the export. */
function eventOf(kind: KindId, row: Row, line: number, problems: ProblemList): VakthundEvent {
  const event = newEvent(kind) as EventRow;
  for (const [name, { type }] of columnEntries(kind)) {
    const value = isPlace(name) ? null : (row[name] ?? null);
    if (value === null || value === '') continue;
    const converted = convert(value, type);
    if (converted !== undefined) event[name] = converted;
    else {
      const message = `the value of ${name} does not fit its column: ${quote(JSON.stringify(value))}`;
      problems.add({ code: 'bad-value', at: { line }, message });
    }
  }
  return event as unknown as VakthundEvent;
}

function isPlace(name: string): boolean {
  return name === 'evidence_id' || name === 'evidence_at';
}

type Value = string | number | boolean | readonly string[];

const converters: Readonly<Record<ColumnType, (value: unknown) => Value | undefined>> = {
  text: (value) => (typeof value === 'string' ? value : undefined),
  json: (value) => (typeof value === 'string' && parsed(value) !== undefined ? value : undefined),
  ip: (value) => (typeof value === 'string' ? canonicalIp(value) : undefined),
  time: (value) => (typeof value === 'string' ? parseIsoMicros(value) : undefined),
  integer: wholeNumber,
  duration: wholeNumber,
  real: (value) => (Number.isFinite(Number(value)) ? Number(value) : undefined),
  boolean: (value) => (String(value) === 'true' || String(value) === 'false' ? String(value) === 'true' : undefined),
  'text[]': (value) => {
    const list = typeof value === 'string' ? parsed(value) : value;
    return Array.isArray(list) && list.every((entry) => typeof entry === 'string' && entry.isWellFormed())
      ? (list as string[])
      : undefined;
  },
};

function convert(value: unknown, type: ColumnType): Value | undefined {
  return converters[type](value);
}

function wholeNumber(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
