import { canonicalIp } from '../../base/ip.ts';
import type { DelimitedColumn, DelimitedLayout } from '../../store/bulk.ts';
import { cellEntries, cellText } from './cell-text.ts';
import type { Cells } from './cells.ts';
import { tableOf, type PathReader, type Read } from './combine.ts';
import { converterWithTable } from './compile.ts';
import type { Value } from './convert.ts';

/** Value of a cell that is set; undefined when it does not fit. */
type CellValue = (cells: Cells, cell: number) => Value | undefined;

/** A reader of one column at work on the cells of a line. */
export function cellReader(reader: PathReader, cell: number, layout: DelimitedLayout): Read<Cells> {
  const { path } = reader;
  const value = valueReader(reader, layout.columns[cell] ?? { name: path, isList: false, isText: true }, layout);
  return (cells, kept, onBad) => {
    if (!cells.isSet(cell)) return null;
    const converted = value(cells, cell);
    if (converted !== undefined) return converted;
    if (!kept.includes(path)) onBad(path, cells.text(cell));
    kept.push(path);
    return null;
  };
}

function valueReader(reader: PathReader, column: DelimitedColumn, layout: DelimitedLayout): CellValue {
  const convert = converterWithTable(reader);
  if (column.isList) {
    const entries = cellEntries(column, layout);
    return (cells, cell) => convert(entries(cells, cell));
  }
  const text = cellText(column, layout.empty);
  const slow: CellValue = (cells, cell) => convert(text(cells, cell));
  return tableOf(reader) === undefined ? fastValue(reader, text, slow) : slow;
}

/** Values read from the bytes where they are written the common way; `slow` gives the same value for all others. */
function fastValue({ as }: PathReader, text: (cells: Cells, cell: number) => string, slow: CellValue): CellValue {
  if (as === 'text') return text;
  if (as === 'ip') return (cells, cell) => canonicalIp(cells.text(cell));
  if (as === 'integer') return (cells, cell) => fastInteger(cells, cell) ?? slow(cells, cell);
  if (as === 'boolean') return (cells, cell) => fastBoolean(cells, cell) ?? slow(cells, cell);
  if (as !== 'seconds' && as !== 'interval') return slow;
  return (cells, cell) => fastMicros(cells, cell) ?? slow(cells, cell);
}

function fastBoolean(cells: Cells, cell: number): boolean | undefined {
  const start = cells.starts[cell] as number;
  if ((cells.ends[cell] as number) - start !== 1) return undefined;
  const letter = cells.bytes[start];
  if (letter === 84) return true;
  return letter === 70 ? false : undefined;
}

/** Up to this many digits every number is exact. */
const safeDigits = 15;

function fastInteger(cells: Cells, cell: number): number | undefined {
  const start = cells.starts[cell] as number;
  const end = cells.ends[cell] as number;
  if (start === end || end - start > safeDigits) return undefined;
  return digits(cells.bytes, start, end);
}

/** Whole number of ASCII digits; undefined when another byte stands among them. */
function digits(bytes: Buffer, start: number, end: number): number | undefined {
  let number = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 48;
    if (digit < 0 || digit > 9) return undefined;
    number = number * 10 + digit;
  }
  return number;
}

/** Up to this many seconds (the year 2033), six decimals survive the way through a double unharmed, so both ways agree. */
const exactSeconds = 2_000_000_000;

/** `1700000000.123456`: digits, a point and exactly six more. */
function fastMicros(cells: Cells, cell: number): number | undefined {
  const start = cells.starts[cell] as number;
  const end = cells.ends[cell] as number;
  const point = end - 7;
  if (point <= start || point - start > safeDigits || cells.bytes[point] !== 46) return undefined;
  const seconds = digits(cells.bytes, start, point);
  const micros = digits(cells.bytes, point + 1, end);
  if (seconds === undefined || micros === undefined || seconds >= exactSeconds) return undefined;
  return seconds * 1e6 + micros;
}
