import duckdb from '@duckdb/node-bindings';
import { DuckDBTypeId, type DuckDBDataChunk } from '@duckdb/node-api';
import type { ColumnChunk } from '../store.ts';
import { toSqlValue } from './values.ts';

const twoTo32 = 4_294_967_296;

/** Reads a result chunk by column, numbers and texts straight out of DuckDB's memory. */
export function createColumnChunk(chunk: DuckDBDataChunk, types: readonly DuckDBTypeId[]): ColumnChunk {
  const { rowCount } = chunk;
  return {
    rowCount,
    numbers: (column) => readNumbers(chunk, column, types[column], rowCount),
    texts: (column) =>
      types[column] === DuckDBTypeId.VARCHAR ? readTexts(chunk, column, rowCount) : readOthers(chunk, column),
  };
}

/** Bytes of an entry of a text vector (`duckdb_string_t`), in 32-bit words: its length, and then the text or where it is. */
const entryBytes = 16;
const entryWords = 4;
const inlineBytes = 12;

/** An entry like the one before it gives the same string, as sorted results often have them. */
function readTexts(chunk: DuckDBDataChunk, column: number, rowCount: number): (string | null)[] {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const isValid = validityOf(vector, rowCount);
  const entries = duckdb.vector_get_data(vector, rowCount * entryBytes);
  const memory = entries.buffer as ArrayBuffer;
  const bytes = Buffer.from(memory, entries.byteOffset, rowCount * entryBytes);
  const words = new Uint32Array(memory, entries.byteOffset, rowCount * entryWords);
  const texts: (string | null)[] = [];
  // Texts that stand behind one another in memory are fetched together: each fetch costs more than the text.
  let region: Buffer = bytes;
  let [from, end] = [0, 0];
  for (let row = 0; row < rowCount; row++) {
    const at = row * entryBytes;
    const length = words[row * entryWords] ?? 0;
    if (!isValid(row)) texts.push(null);
    else if (row > 0 && texts[row - 1] !== null && isSameEntry(words, row)) texts.push(texts[row - 1] as string);
    else if (length <= inlineBytes) texts.push(bytes.toString('utf8', at + 4, at + 4 + length));
    else {
      const address = addressOf(words, row);
      if (address < from || address + length > end) {
        [from, end] = [address, regionEnd(words, row, rowCount, isValid)];
        const { buffer, byteOffset } = duckdb.get_data_from_pointer(memory, entries.byteOffset + at + 8, end - from);
        region = Buffer.from(buffer, byteOffset, end - from);
      }
      texts.push(region.toString('utf8', address - from, address - from + length));
    }
  }
  return texts;
}

/** Of the text of an entry that is not in the entry itself; addresses of processes are below 2^47. */
function addressOf(words: Uint32Array, row: number): number {
  const at = row * entryWords;
  return (words[at + 3] ?? 0) * twoTo32 + (words[at + 2] ?? 0);
}

/** Two texts that are not so far apart have no page of memory between them that holds neither, so all between them is ours to read. */
const maxGapBytes = 4000;
const maxRegionBytes = 1 << 20;

/** Where the texts end that follow the one of `row` in memory as their rows do. */
function regionEnd(words: Uint32Array, row: number, rowCount: number, isValid: (row: number) => boolean): number {
  const start = addressOf(words, row);
  let end = start + (words[row * entryWords] ?? 0);
  for (let next = row + 1; next < rowCount; next++) {
    const length = words[next * entryWords] ?? 0;
    if (!isValid(next) || length <= inlineBytes) continue;
    const address = addressOf(words, next);
    if (address < start || address > end + maxGapBytes || address + length - start > maxRegionBytes) break;
    end = Math.max(end, address + length);
  }
  return end;
}

function isSameEntry(words: Uint32Array, row: number): boolean {
  const at = row * entryWords;
  return (
    words[at] === words[at - 4] &&
    words[at + 1] === words[at - 3] &&
    words[at + 2] === words[at - 2] &&
    words[at + 3] === words[at - 1]
  );
}

/** Values of other types as text, lists as JSON. */
function readOthers(chunk: DuckDBDataChunk, column: number): (string | null)[] {
  return chunk.getColumnValues(column).map((value) => {
    const plain = toSqlValue(value);
    if (plain === null) return null;
    return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
  });
}

function readNumbers(
  chunk: DuckDBDataChunk,
  column: number,
  type: DuckDBTypeId | undefined,
  rowCount: number,
): Float64Array {
  const vector = duckdb.data_chunk_get_vector(chunk.chunk, column);
  const isValid = validityOf(vector, rowCount);
  const out = new Float64Array(rowCount);
  if (type === DuckDBTypeId.DOUBLE) {
    const data = duckdb.vector_get_data(vector, rowCount * 8);
    out.set(new Float64Array(data.buffer, data.byteOffset, rowCount));
    for (let row = 0; row < rowCount; row++) if (!isValid(row)) out[row] = Number.NaN;
    return out;
  }
  if (type === DuckDBTypeId.BIGINT || type === DuckDBTypeId.TIMESTAMP) {
    const data = duckdb.vector_get_data(vector, rowCount * 8);
    const low = new Uint32Array(data.buffer, data.byteOffset, rowCount * 2);
    const high = new Int32Array(data.buffer, data.byteOffset, rowCount * 2);
    for (let row = 0; row < rowCount; row++) {
      out[row] = isValid(row) ? (high[2 * row + 1] ?? 0) * twoTo32 + (low[2 * row] ?? 0) : Number.NaN;
    }
    return out;
  }
  if (type === DuckDBTypeId.INTEGER) {
    const data = duckdb.vector_get_data(vector, rowCount * 4);
    out.set(new Int32Array(data.buffer, data.byteOffset, rowCount));
    for (let row = 0; row < rowCount; row++) if (!isValid(row)) out[row] = Number.NaN;
    return out;
  }
  const values = chunk.getColumnValues(column);
  for (let row = 0; row < rowCount; row++) {
    const value = toSqlValue(values[row] ?? null);
    out[row] = value === null ? Number.NaN : Number(value);
  }
  return out;
}

function validityOf(vector: duckdb.Vector, rowCount: number): (row: number) => boolean {
  const bits = duckdb.vector_get_validity(vector, Math.ceil(rowCount / 64) * 8) as Uint8Array | null;
  if (bits === null || bits.length === 0) return () => true;
  return (row) => ((bits[row >>> 3] ?? 0) & (1 << (row & 7))) !== 0;
}
