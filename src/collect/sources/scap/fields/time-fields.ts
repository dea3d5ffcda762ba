import type { ScapRecord } from '../record.ts';
import { number, text, type FieldSource } from './field.ts';

const second = 1_000_000_000;
const halves = 0x1_0000_0000;

/** Nanoseconds that the call took; 0 for events that are not the end of a call. */
function latency({ isReturn, thread, timeHigh, timeLow }: ScapRecord): number {
  if (!isReturn || thread === undefined) return 0;
  return (timeHigh - thread.enteredHigh) * halves + (timeLow - thread.enteredLow);
}

/** Nanoseconds since the event before. */
function delta(record: ScapRecord): number {
  return (record.timeHigh - record.previousHigh) * halves + (record.timeLow - record.previousLow);
}

/** Nanoseconds since the first event. */
function sinceFirst(record: ScapRecord): number {
  return (record.timeHigh - record.firstHigh) * halves + (record.timeLow - record.firstLow);
}

/** `3.95us`, `17us`: in the largest unit that is filled; up to 10 with two digits more, cut and not rounded. */
function human(nanoseconds: number): string {
  for (const [unit, size] of units) {
    if (nanoseconds < size) continue;
    const whole = Math.trunc(nanoseconds / size);
    if (whole >= 10) return `${whole}${unit}`;
    const hundredths = String(Math.trunc(((nanoseconds % size) * 100) / size)).padStart(2, '0');
    return `${whole}.${hundredths}${unit}`;
  }
  return `${nanoseconds}ns`;
}
const units = [
  ['s', second],
  ['ms', 1_000_000],
  ['us', 1000],
] as const;

/** The whole time, its seconds, and the nanoseconds beside them. */
function parts(name: string, get: (record: ScapRecord) => number): Readonly<Record<string, FieldSource>> {
  return {
    [name]: number(get),
    [`${name}.s`]: number((record) => Math.trunc(get(record) / second)),
    [`${name}.ns`]: number((record) => get(record) % second),
  };
}

export const timeFields: Readonly<Record<string, FieldSource>> = {
  ...parts('evt.latency', latency),
  'evt.latency.human': text((record) => human(latency(record))),
  ...parts('evt.deltatime', delta),
  ...parts('evt.reltime', sinceFirst),
};
