import { parseIsoMicros, type Micros } from '../../../base/time.ts';
import type { JsonObject } from '../../json-value.ts';
import { secondsOf } from '../../mapping/convert.ts';
import { isObject } from '../../mapping/paths.ts';

/** Columns that say when what a row tells happened, the surest first. Those about a file say when it was last changed. */
const timeKeys = [
  '_ts',
  'login_time',
  'EventTime',
  'TimeCreated',
  'Timestamp',
  'timestamp',
  'CreateTime',
  'CreatedTime',
  'Created',
  'create_time',
  'start_time',
  'StartTime',
  'CopiedOnTimestamp',
  'LastLogin',
  'LastExecutionTS',
  'LastModified',
  'Modified',
  'LastWriteTime',
  'ModTime',
  'Mtime',
];
/** Numbers from here on are nanoseconds. */
const firstNanos = 1e16;

/** When a row says that it happened, and in which column; undefined when it does not. */
export function timeOfRow(row: JsonObject): { readonly time: Micros; readonly key: string } | undefined {
  for (const key of timeKeys) {
    const time = microsOf(row[key]);
    // A Go program writes its zero time, year 1, for none.
    // Damaged files hold numbers that no clock shows.
    if (time !== undefined && time > 0 && Number.isSafeInteger(time)) return { time, key };
  }
  return undefined;
}

/** The time of an entry of a Windows event log, whose `System` has it. */
export function timeOfSystem(system: unknown): { readonly time: Micros; readonly key: string } | undefined {
  const created = isObject(system) ? system['TimeCreated'] : undefined;
  const time = isObject(created) ? microsOf(created['SystemTime']) : undefined;
  return time === undefined || time <= 0 || !Number.isSafeInteger(time) ? undefined : { time, key: 'System' };
}

function microsOf(value: unknown): Micros | undefined {
  const number = typeof value === 'string' && /^\d{17,19}$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && number >= firstNanos) return Math.floor(number / 1000);
  if (typeof number === 'number') return secondsOf(number);
  return typeof value === 'string' ? parseIsoMicros(value) : undefined;
}
