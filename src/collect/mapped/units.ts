import type { ColumnType } from '../../events/kind.ts';
import { timePattern } from './time-pattern.ts';

/** What is done to a value before the conversion of its column; undefined leaves it for that to refuse. */
export type Prepare = (value: unknown) => unknown;

/** Parts of a second by name, for times since 1970 and for durations. */
const perSecond: ReadonlyMap<string, number> = new Map([
  ['s', 1],
  ['ms', 1e3],
  ['us', 1e6],
  ['ns', 1e9],
]);
const bytesOf: ReadonlyMap<string, number> = new Map([
  ['B', 1],
  ['bits', 1 / 8],
  ['kB', 1e3],
  ['KiB', 1024],
  ['MB', 1e6],
  ['MiB', 1024 ** 2],
  ['GB', 1e9],
  ['GiB', 1024 ** 3],
]);

/**
 * The reading of `unit` for a column: a time is `iso`, `s`, `ms`, `us` or `ns` since 1970, or a pattern with `%`; a duration `s`, `ms`, `us` or
 * `ns`; bytes `B` to `GiB`. A text says what is wrong.
 */
export function prepareFor(unit: string, type: ColumnType, isBytes: boolean): Prepare | string {
  if (type === 'time') return prepareTime(unit);
  if (type === 'duration') {
    const parts = perSecond.get(unit);
    return parts === undefined ? unknownUnit(unit, perSecond) : scaled((value) => value / parts);
  }
  if (!isBytes) return 'is for times, durations and bytes alone';
  const factor = bytesOf.get(unit);
  return factor === undefined ? unknownUnit(unit, bytesOf) : scaled((value) => Math.round(value * factor));
}

function prepareTime(unit: string): Prepare | string {
  if (unit === 'iso') return (value) => (typeof value === 'string' ? value : undefined);
  const parts = perSecond.get(unit);
  if (parts !== undefined) return scaled((value) => value / parts);
  if (!unit.includes('%')) return `${unknownUnit(unit, perSecond)}, iso, or a pattern such as %d/%b/%Y:%H:%M:%S %z`;
  const read = timePattern(unit);
  if (typeof read === 'string') return read;
  return (value) => {
    const micros = typeof value === 'string' ? read(value.trim()) : undefined;
    return micros === undefined ? undefined : micros / 1e6;
  };
}

function unknownUnit(unit: string, units: ReadonlyMap<string, number>): string {
  return `"${unit.slice(0, 40)}" is none of ${[...units.keys()].join(', ')}`;
}

function scaled(scale: (value: number) => number): Prepare {
  return (value) => {
    const number =
      typeof value === 'string' && /^-?\d{1,20}(?:\.\d{1,12})?$/.test(value.trim()) ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? scale(number) : undefined;
  };
}
