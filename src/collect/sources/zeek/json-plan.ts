import type { BulkPlan, BulkRoute } from '../../../store/bulk.ts';
import { FlatJson } from '../../mapping/flat-json.ts';
import { flatColumns } from './json-columns.ts';
import { jsonState } from './json.ts';
import { logOfFields, logOfName, mappedLogs, mappingOfJson } from './logs.ts';
import { lossLogs } from './loss.ts';

const newline = 10;
const quote = 34;
const pathKey = Buffer.from('"_path"');
/** Logs in a stream beside those that have a kind of their own. */
const maxLogs = 100;

type Row = Readonly<Record<string, unknown>>;

/** JSON with one row on each line: of one log, or of many that are told apart by `_path`. */
export function planJson(name: string, head: Buffer): BulkPlan | undefined {
  const rows = rowsIn(head);
  const [first] = rows;
  if (first === undefined) return undefined;
  const isStream = typeof first['_path'] === 'string';
  const log = logOfName(name) ?? logOfFields(new Set(Object.keys(first)));
  if (!isStream && (log === undefined || lossLogs.has(log))) return undefined;
  const names = isStream ? logsOf(rows) : [log ?? ''];
  const routes = names.map((logName) =>
    routeTo(logName, isStream ? rows.filter((row) => row['_path'] === logName) : rows),
  );
  const lines = routes.map(({ columns = [] }) => new FlatJson(columns));
  // Open connections have the `_path` of closed ones; their file is for the row decoder.
  if (isStream && log?.startsWith('open_') === true) return undefined;
  return {
    layout: { type: 'json' },
    headerBytes: 0,
    headerLines: 0,
    resumeState: jsonState,
    routes,
    route: isStream ? streamRoute(names, lines) : plainRoute(lines),
  };
}

/** Rows on the whole lines of the head. */
function rowsIn(head: Buffer): Row[] {
  const rows: Row[] = [];
  for (let start = 0; ;) {
    const end = head.indexOf(newline, start);
    const row = end < 0 ? undefined : rowOf(head.toString('utf8', start, end));
    if (row === undefined) return rows;
    rows.push(row);
    start = end + 1;
  }
}

function rowOf(line: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

function logsOf(rows: readonly Row[]): string[] {
  const seen = rows.map((row) => row['_path']).filter((path) => typeof path === 'string');
  const names = new Set([...Object.keys(mappedLogs), ...seen.slice(0, maxLogs)]);
  return [...names].filter((name) => !lossLogs.has(name));
}

function routeTo(log: string, rows: readonly Row[]): BulkRoute {
  const mapping = mappingOfJson(log);
  return { id: log, mapping, columns: flatColumns(mapping, rows) };
}

type Route = NonNullable<BulkPlan['route']>;

/** Lines of a log that is alone in its file. A line that says of which log it is does not belong there. */
function plainRoute([line]: readonly FlatJson[]): Route {
  return (bytes, start, end) => {
    const buffer = asBuffer(bytes);
    if (line?.fits(buffer, start, end) !== true) return -1;
    return buffer.subarray(start, end).includes(pathKey) ? -1 : 0;
  };
}

function streamRoute(names: readonly string[], lines: readonly FlatJson[]): Route {
  const indexes = new Map(names.map((name, index) => [name, index]));
  return (bytes, start, end) => {
    const buffer = asBuffer(bytes);
    const index = indexes.get(pathIn(buffer.subarray(start, end)) ?? '') ?? -1;
    return lines[index]?.fits(buffer, start, end) === true ? index : -1;
  };
}

/** What a line says in `_path`. */
function pathIn(line: Buffer): string | undefined {
  const key = line.indexOf(pathKey);
  if (key < 0) return undefined;
  const from = line.indexOf(quote, key + pathKey.length) + 1;
  return line.toString('latin1', from, line.indexOf(quote, from));
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
