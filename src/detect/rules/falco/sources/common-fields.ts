import { formatIso } from '../../../../base/time.ts';
import type { StreamField } from '../../../../match/condition/resolver.ts';
import type { JsonRecord } from './json-record.ts';

const nanosPerSecond = 1_000_000_000n;

/** `evt.*` of an event that a plug-in gave. */
export function commonField(name: string, source: string): StreamField<JsonRecord> | undefined {
  switch (name) {
    case 'evt.num':
      return { type: 'number', get: (record) => record.number };
    case 'evt.rawtime':
      return { type: 'number', get: (record) => record.time };
    case 'evt.rawtime.s':
      return { type: 'number', get: (record) => record.time / nanosPerSecond };
    case 'evt.rawtime.ns':
      return { type: 'number', get: (record) => record.time % nanosPerSecond };
    case 'evt.time':
      return { type: 'text', get: (record) => clockTime(record.time) };
    case 'evt.time.s':
      return { type: 'text', get: (record) => clockTime(record.time).slice(0, 8) };
    case 'evt.time.iso8601':
      return { type: 'text', get: (record) => isoTime(record.time, '+0000') };
    case 'evt.datetime':
      return { type: 'text', get: (record) => `${isoDay(record.time)} ${clockTime(record.time)}` };
    case 'evt.datetime.s':
      return { type: 'text', get: (record) => `${isoDay(record.time)} ${clockTime(record.time).slice(0, 8)}` };
    case 'evt.source':
      return { type: 'text', get: () => source };
    case 'evt.is_async':
      return { type: 'boolean', get: () => false };
    default:
      return undefined;
  }
}

/** `2016-08-04T16:17:57.881781397+0000` with whatever zone mark is asked for. */
export function isoTime(nanos: bigint, zone: string): string {
  return `${isoDay(nanos)}T${clockTime(nanos)}${zone}`;
}

/** `16:17:57.881781397`, in UTC. */
export function clockTime(nanos: bigint): string {
  const fraction = nanos % nanosPerSecond;
  return `${isoSeconds(nanos).slice(11)}.${String(fraction < 0n ? fraction + nanosPerSecond : fraction).padStart(9, '0')}`;
}

function isoDay(nanos: bigint): string {
  return isoSeconds(nanos).slice(0, 10);
}

function isoSeconds(nanos: bigint): string {
  const seconds = nanos / nanosPerSecond - (nanos % nanosPerSecond < 0n ? 1n : 0n);
  return formatIso(Number(seconds) * 1_000_000).slice(0, 19);
}
