/** Zeek logs read plainly, by the description of their formats, as what the events are held against. */

/** Text, numbers (times and intervals in seconds), booleans, and lists of them. Unset values are left out. */
export type Cell = string | number | boolean | readonly Cell[];
export type LogRow = ReadonlyMap<string, Cell>;

interface Header {
  readonly separator: string;
  readonly listSeparator: string;
  readonly empty: string;
  readonly unset: string;
  readonly fields: readonly string[];
  readonly types: readonly string[];
}

const start: Header = { separator: '\t', listSeparator: ',', empty: '(empty)', unset: '-', fields: [], types: [] };

/** Lines that hold a row. */
export function dataLines(text: string): string[] {
  const lines = linesOf(text).filter((line) => !/^\s*(?:#|$)/.test(line));
  const isNamed = text.includes('#fields') || text.trimStart().startsWith('{');
  // A log without `#` lines has its names in its first line.
  return isNamed ? lines : lines.slice(1);
}

/** Numbers of TSV lines that have not as many cells as their header names: a reader may tell them, and skip them. */
export function oddLines(text: string): ReadonlySet<number> {
  const odd = new Set<number>();
  let columns: number | undefined;
  for (const [index, line] of linesOf(text).entries()) {
    if (line.startsWith('#fields')) columns = line.split('\t').length - 1;
    else if (columns !== undefined && !/^\s*(?:#|$)/.test(line) && line.split('\t').length !== columns) {
      odd.add(index + 1);
    }
  }
  return odd;
}

export function readLog(text: string): LogRow[] {
  return text.trimStart().startsWith('{') ? dataLines(text).map(jsonRow) : tsvRows(text);
}

function linesOf(text: string): string[] {
  return text.split('\n').map((line) => line.replace(/\r$/, ''));
}

function jsonRow(line: string): LogRow {
  const members = Object.entries(JSON.parse(line) as Record<string, Cell | null>);
  const present = members.filter((member): member is [string, Cell] => member[1] !== null);
  return new Map(present.map(([field, cell]) => [field, withControls(cell)]));
}

/** JSON has control characters as `\xNN`, and leaves backslashes as they are. */
function withControls(cell: Cell): Cell {
  if (isCells(cell)) return cell.map(withControls);
  if (typeof cell !== 'string') return cell;
  return cell.replace(/\\x(?<code>[01][0-9a-f]|7f)/gi, (_found, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
}

export function isCells(cell: Cell): cell is readonly Cell[] {
  return Array.isArray(cell);
}

function tsvRows(text: string): LogRow[] {
  const rows: LogRow[] = [];
  let header = start;
  for (const line of linesOf(text)) {
    if (line.startsWith('#')) header = headerAfter(header, line);
    else if (line !== '') rows.push(tsvRow(header, line));
  }
  return rows;
}

function headerAfter(header: Header, line: string): Header {
  if (line.startsWith('#separator ')) return { ...start, separator: unescape(line.slice('#separator '.length)) };
  const [name, ...values] = line.split(header.separator);
  const value = values[0] ?? '';
  if (name === '#set_separator') return { ...header, listSeparator: value };
  if (name === '#empty_field') return { ...header, empty: value };
  if (name === '#unset_field') return { ...header, unset: value };
  if (name === '#fields') return { ...header, fields: values };
  return name === '#types' ? { ...header, types: values } : header;
}

function tsvRow(header: Header, line: string): LogRow {
  const row = new Map<string, Cell>();
  for (const [index, text] of line.split(header.separator).entries()) {
    if (text === header.unset) continue;
    const type = header.types[index] ?? 'string';
    const inner = /^(?:set|vector)\[(?<inner>.*)\]$/.exec(type)?.groups?.['inner'];
    const field = header.fields[index] ?? `#${index}`;
    row.set(field, inner === undefined ? cellOf(type, text, header.empty) : listOf(inner, text, header));
  }
  return row;
}

function listOf(type: string, text: string, { empty, listSeparator, unset }: Header): Cell[] {
  if (text === empty) return [];
  const entries = text.split(listSeparator).filter((entry) => entry !== unset);
  return entries.map((entry) => cellOf(type, entry, empty));
}

const numberTypes: ReadonlySet<string> = new Set(['count', 'int', 'double', 'port', 'time', 'interval']);

/** A cell that does not fit its type (masked times) is text. */
function cellOf(type: string, text: string, empty: string): Cell {
  if (numberTypes.has(type)) return Number.isNaN(Number(text)) ? text : Number(text);
  if (type === 'bool') return text === 'T' || text === 'F' ? text === 'T' : text;
  return text === empty ? '' : unescape(text);
}

/** Bytes for `\xNN`, a backslash for two. */
function unescape(text: string): string {
  const latin = Buffer.from(text, 'utf8').toString('latin1');
  const plain = latin.replace(/\\(?:\\|x(?<code>[0-9a-fA-F]{2}))/g, (_found, code: string | undefined) =>
    code === undefined ? '\\' : String.fromCharCode(Number.parseInt(code, 16)),
  );
  return Buffer.from(plain, 'latin1').toString('utf8');
}
