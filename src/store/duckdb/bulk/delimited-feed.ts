import { isUtf8 } from 'node:buffer';
import type { DuckDBDataChunk } from '@duckdb/node-api';
import duckdb from '@duckdb/node-bindings';
import type { DelimitedLayout } from '../../bulk.ts';
import type { RowFeed } from '../chunk-tables.ts';
import { maxWaitingBytes } from '../chunk-writer.ts';
import { BooleanColumn, IntegerColumn, RealColumn, vectorSize, type ColumnWriter } from '../column-writers.ts';
import { TextColumn } from '../text-column.ts';
import { cellForm, hasForm, usualEnd, type CellColumn, type CellType } from './cell-form.ts';

const newline = 10;
const carriageReturn = 13;
const point = 46;
const zero = 48;
const nine = 57;
const letterF = 70;
const letterT = 84;
const backslash = 92;
/** Up to this many digits every whole number is exact in a double. */
const safeDigits = 15;
const microsPerSecond = 1e6;

/**
 * Whole lines as rows with the columns `c0`, `c1`, …, cut while the database asks for them: each byte is looked at once.
 * Whether a cell has the forms of its column is seen on the way, and the first line that is not regular ends the reading.
 * The mark for "not set" is NULL; a text is what it means, without escapes, and a list stands as it is written.
 */
export function delimitedFeed(bytes: Buffer, layout: DelimitedLayout, columns: readonly CellColumn[]): RowFeed {
  const isSingle = Buffer.byteLength(layout.delimiter) === 1 && (bytes.length === 0 || bytes.at(-1) === newline);
  return {
    columns: columns.map(({ type }, index) => ({ name: `c${index}`, type: writeTypes[type] })),
    read: (asked) => {
      if (!isSingle || !isUtf8(bytes)) throw new Error('the lines are not regular');
      const cutter = new LineCutter(bytes, layout, columns, asked);
      return (target) => cutter.next(target);
    },
  };
}

const writeTypes = { VARCHAR: 'text', BIGINT: 'integer', DOUBLE: 'real', BOOLEAN: 'boolean' } as const;

/** What is done with the cells of a column. Numbers, for speed. */
const cut = { text: 0, list: 1, integer: 2, real: 3, boolean: 4 } as const;
const cuts: Readonly<Record<CellType, number>> = {
  VARCHAR: cut.text,
  BIGINT: cut.integer,
  DOUBLE: cut.real,
  BOOLEAN: cut.boolean,
};

class LineCutter {
  readonly #bytes: Buffer;
  readonly #layout: DelimitedLayout;
  readonly #columns: readonly CellColumn[];
  readonly #asked: readonly ColumnWriter[];
  readonly #waiting = { bytes: 0 };
  readonly #cuts: Uint8Array;
  /** The only form of a column; 0 for none, -1 for several. */
  readonly #form: Int8Array;
  readonly #texts: TextColumn[] = [];
  readonly #integers: IntegerColumn[] = [];
  readonly #reals: RealColumn[] = [];
  readonly #booleans: BooleanColumn[] = [];
  readonly #delimiter: number;
  readonly #unset: Buffer;
  /** The mark for "not set", where it is of one byte; else -1. */
  readonly #unsetByte: number;
  readonly #empty: Buffer;
  #at = 0;

  constructor(bytes: Buffer, layout: DelimitedLayout, columns: readonly CellColumn[], asked: readonly number[]) {
    this.#bytes = bytes;
    this.#layout = layout;
    this.#columns = columns;
    this.#cuts = Uint8Array.from(columns, ({ type }, index) =>
      layout.columns[index]?.isList === true ? cut.list : cuts[type],
    );
    this.#form = Int8Array.from(columns, ({ forms }) => (forms.length > 1 ? -1 : (forms[0] ?? 0)));
    const writers = columns.map(({ type }, index) => this.#writer(type, index));
    this.#asked = asked.map((column) => writers[column] as ColumnWriter);
    this.#delimiter = Buffer.from(layout.delimiter)[0] as number;
    this.#unset = Buffer.from(layout.unset);
    this.#unsetByte = this.#unset.length === 1 ? (this.#unset[0] as number) : -1;
    this.#empty = Buffer.from(layout.empty);
  }

  #writer(type: CellType, column: number): ColumnWriter {
    if (type === 'VARCHAR') return (this.#texts[column] = new TextColumn(this.#waiting));
    if (type === 'BIGINT') return (this.#integers[column] = new IntegerColumn());
    return type === 'DOUBLE'
      ? (this.#reals[column] = new RealColumn())
      : (this.#booleans[column] = new BooleanColumn());
  }

  /** Writes the next rows into the vectors that were asked for; throws at a line that is not regular. */
  next(target: DuckDBDataChunk): number {
    const { length } = this.#bytes;
    let rows = 0;
    while (this.#at < length && rows < vectorSize && this.#waiting.bytes <= maxWaitingBytes) this.#line(rows++);
    for (const [index, writer] of this.#asked.entries()) {
      writer.flush(duckdb.data_chunk_get_vector(target.chunk, index), rows);
    }
    this.#waiting.bytes = 0;
    return rows;
  }

  #line(row: number): void {
    const bytes = this.#bytes;
    const delimiter = this.#delimiter;
    const last = this.#cuts.length - 1;
    let at = this.#at;
    for (let column = 0; column <= last; column++) {
      const end = this.#cell(at, row, column);
      const byte = bytes[end];
      // An empty line is no row of one empty cell.
      const isOdd = (byte === newline) !== (column === last) || (column === 0 && end === at);
      if (isOdd || (byte !== newline && byte !== delimiter)) throw new Error('a line is not regular');
      at = end + 1;
    }
    this.#at = at;
  }

  /** Takes the cell that begins at `start` over, and returns where it ends. */
  #cell(start: number, row: number, column: number): number {
    const end = this.#usualCell(start, row, column);
    return end > start ? end : this.#otherCell(start, row, column);
  }

  /** Where the cell ends, if it is written as nearly all are and was taken over; `start` for every other one. */
  #usualCell(start: number, row: number, column: number): number {
    const which = this.#cuts[column] as number;
    if (this.#bytes[start] === this.#unsetByte && this.#isEnd(start + 1)) return start + 1;
    if (which <= cut.list) return this.#text(start, row, column);
    if (which === cut.integer) return this.#integer(start, row, column);
    return which === cut.real ? this.#real(start, row, column) : this.#boolean(start, row, column);
  }

  /** A whole number without a sign. */
  #integer(start: number, row: number, column: number): number {
    const bytes = this.#bytes;
    let at = start;
    let value = 0;
    let byte = bytes[at] as number;
    while (byte >= zero && byte <= nine) {
      value = value * 10 + byte - zero;
      byte = bytes[++at] as number;
    }
    if (at - start > safeDigits || (byte !== this.#delimiter && byte !== newline)) return start;
    if (at > start) (this.#integers[column] as IntegerColumn).put(row, value);
    return at;
  }

  /** Seconds with six digits behind the point, as Zeek writes them. */
  #real(start: number, row: number, column: number): number {
    const bytes = this.#bytes;
    const end = usualEnd(cellForm.seconds, bytes, start);
    if (end === start || (bytes[end] !== this.#delimiter && bytes[end] !== newline)) return start;
    let micros = 0;
    for (let at = start; at < end; at++) {
      const byte = bytes[at] as number;
      if (byte !== point) micros = micros * 10 + byte - zero;
    }
    // The quotient of two numbers that are exact is the double nearest to the decimal.
    if (micros > Number.MAX_SAFE_INTEGER) return start;
    (this.#reals[column] as RealColumn).put(row, micros / microsPerSecond);
    return end;
  }

  #boolean(start: number, row: number, column: number): number {
    const byte = this.#bytes[start];
    if ((byte !== letterT && byte !== letterF) || !this.#isEnd(start + 1)) return start;
    (this.#booleans[column] as BooleanColumn).put(row, byte === letterT);
    return start + 1;
  }

  #isEnd(at: number): boolean {
    const byte = this.#bytes[at];
    return byte === this.#delimiter || byte === newline;
  }

  /** A text that needs nothing done to it. */
  #text(start: number, row: number, column: number): number {
    const bytes = this.#bytes;
    const delimiter = this.#delimiter;
    const form = this.#form[column] as number;
    let end = start;
    if (form === 0) {
      let byte = bytes[end] as number;
      while (byte !== delimiter && byte !== newline && byte !== backslash) byte = bytes[++end] as number;
    } else {
      end = usualEnd(form, bytes, start);
    }
    const byte = bytes[end];
    if (byte === newline ? bytes[end - 1] === carriageReturn : byte !== delimiter) return start;
    if (this.#isMark(this.#unset, start, end) || this.#isMark(this.#empty, start, end)) return start;
    (this.#texts[column] as TextColumn).putBytes(row, bytes, start, end);
    return end;
  }

  #isMark(mark: Buffer, start: number, end: number): boolean {
    const { length } = mark;
    if (end - start !== length || this.#bytes[start] !== mark[0]) return false;
    for (let index = 1; index < length; index++) if (this.#bytes[start + index] !== mark[index]) return false;
    return true;
  }

  /** A cell that is not set, empty, or written otherwise than nearly all are. */
  #otherCell(start: number, row: number, column: number): number {
    const bytes = this.#bytes;
    let end = start;
    while (bytes[end] !== this.#delimiter && bytes[end] !== newline) end++;
    const isBeforeReturn = bytes[end] === newline && end > start && bytes[end - 1] === carriageReturn;
    const last = isBeforeReturn ? end - 1 : end;
    if (this.#isMark(this.#unset, start, last)) return end;
    const { forms } = this.#columns[column] as CellColumn;
    if (!forms.every((form) => hasForm(form, bytes, start, last))) throw new Error('a cell is not regular');
    const text = bytes.toString('utf8', start, last);
    const which = this.#cuts[column];
    if (which === cut.integer) (this.#integers[column] as IntegerColumn).put(row, Number(text));
    else if (which === cut.real) (this.#reals[column] as RealColumn).put(row, Number(text));
    else if (which === cut.boolean) (this.#booleans[column] as BooleanColumn).put(row, text === 'T');
    else (this.#texts[column] as TextColumn).put(row, which === cut.list ? text : this.#meaning(text, column));
    return end;
  }

  #meaning(text: string, column: number): string {
    const layout = this.#layout;
    if (text === layout.empty) return '';
    return layout.columns[column]?.isText === true && text.includes('\\') ? layout.unescape(text) : text;
  }
}
