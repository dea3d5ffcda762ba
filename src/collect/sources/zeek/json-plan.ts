import { jsonState } from './json.ts';
import type { BulkPlan, BulkRoute } from '../../../store/bulk.ts';
import { logOfFields, logOfName, mappedLogs, mappingOfJson } from './logs.ts';
import { lossLogs } from './loss.ts';

const newline = 10;
const quote = 34;
const pathKey = Buffer.from('"_path"');
/** What a row does not have when it is as Zeek writes it: an object for a value, and bytes that were escaped. */
const nestedMark = Buffer.from(':{');
const escapeMark = Buffer.from('\\\\x');
/** Keys that are worth a column of their own on the way; the others are found one by one. */
const maxKeys = 100;
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
  // Open connections have the `_path` of closed ones; their file is for the row decoder.
  if (isStream && log?.startsWith('open_') === true) return undefined;
  return {
    layout: { type: 'json', nested: false, hasByteEscapes: true },
    headerBytes: 0,
    headerLines: 0,
    resumeState: jsonState,
    routes: names.map((logName) => routeTo(logName, isStream ? rows.filter((row) => row['_path'] === logName) : rows)),
    route: isStream ? streamRoute(names) : plainRoute,
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
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, maxKeys);
  return keys.length === 0 ? { id: log, mapping } : { id: log, mapping, keys };
}

/** Lines of a log that is alone in its file. One that says which log it is belongs to another kind of file. */
function plainRoute(bytes: Uint8Array, start: number, end: number): number {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
  return isOdd(line) || line.includes(pathKey) ? -1 : 0;
}

function streamRoute(names: readonly string[]): NonNullable<BulkPlan['route']> {
  const indexes = new Map(names.map((name, index) => [name, index]));
  return (bytes, start, end) => {
    const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
    const key = line.indexOf(pathKey);
    if (key < 0 || isOdd(line)) return -1;
    const from = line.indexOf(quote, key + pathKey.length) + 1;
    const path = line.toString('utf8', from, line.indexOf(quote, from));
    return indexes.get(path) ?? -1;
  };
}

function isOdd(line: Buffer): boolean {
  return line.includes(nestedMark) || line.includes(escapeMark);
}
