import {
  DuckDBListValue,
  DuckDBTimestampNanosecondsValue,
  DuckDBTimestampSecondsValue,
  DuckDBTimestampMillisecondsValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api';
import type { SqlValue } from '../store.ts';

/** A result value as our callers see it: times as µs numbers, 64-bit numbers as numbers while exact, else as text. */
export function toSqlValue(value: DuckDBValue): SqlValue | readonly SqlValue[] {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value;
  }
  if (typeof value === 'bigint') return exactNumber(value);
  if (value instanceof DuckDBTimestampValue || value instanceof DuckDBTimestampTZValue) {
    return exactNumber(value.micros);
  }
  if (value instanceof DuckDBTimestampSecondsValue) return Number(value.seconds) * 1e6;
  if (value instanceof DuckDBTimestampMillisecondsValue) return Number(value.millis) * 1e3;
  if (value instanceof DuckDBTimestampNanosecondsValue) return Math.floor(Number(value.nanos) / 1e3);
  if (value instanceof DuckDBListValue) return value.items.map((item) => scalar(toSqlValue(item)));
  return String(value);
}

function exactNumber(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

/** Lists inside lists are handed over as JSON text. */
function scalar(value: SqlValue | readonly SqlValue[]): SqlValue {
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}
