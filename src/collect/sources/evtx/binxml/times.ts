import {
  daysSince1970,
  formatIso,
  microsPerDay,
  microsPerMinute,
  parseIsoMicros,
  type Micros,
} from '../../../../base/time.ts';
import { RecordDamage } from './damage.ts';

/** 1970-01-01 as a FILETIME, which counts 100 ns since 1601-01-01. */
const epochHigh = 27_111_902;
const epochLow = 3_577_643_008;
/** 2^32 = 429,496,729 · 10 + 6: whole microseconds and what remains, so that no step leaves the exact numbers. */
const wholePart = 429_496_729;
const restPart = 6;

/** Microseconds of a FILETIME; exact for 270 years around 1970, which is all that `Micros` is exact for. */
export function fileTimeMicros(bytes: Buffer, at: number): Micros {
  const high = bytes.readUInt32LE(at + 4) - epochHigh;
  const low = bytes.readUInt32LE(at) - epochLow;
  return high * wholePart + Math.floor((high * restPart + low) / 10);
}

/** The minute of the time that was written last, as text up to its seconds: most times of a log share one with the one before. */
let lastMinute = Number.NaN;
let lastMinuteText = '';

/** A FILETIME as ISO text; years past 9999 ("never") become the last moment of that year. */
export function fileTimeText(bytes: Buffer, at: number): string {
  const micros = fileTimeMicros(bytes, at);
  const minute = Math.floor(micros / microsPerMinute);
  if (minute !== lastMinute) {
    const text = formatIso(micros);
    // Text that was clamped is no text of its minute.
    if (parseIsoMicros(text) === micros) {
      lastMinute = minute;
      lastMinuteText = text.slice(0, secondsAt);
    }
    return text;
  }
  const rest = micros - minute * microsPerMinute;
  const digits = String(rest + leadingOne);
  return `${lastMinuteText}${digits.slice(1, 3)}.${digits.slice(3)}Z`;
}

/** Place of the seconds in ISO text; a one before eight digits keeps their zeros. */
const secondsAt = 17;
const leadingOne = 100_000_000;

/** A SYSTEMTIME as ISO text: year, month, weekday, day, hour, minute, second, millisecond. */
export function systemTimeText(bytes: Buffer, at: number): string {
  const part = (index: number): number => bytes.readUInt16LE(at + 2 * index);
  const [year, month, day] = [part(0), part(1), part(3)];
  const [hour, minute, second, milli] = [part(4), part(5), part(6), part(7)];
  const isDate = year >= 1601 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!isDate || hour > 23 || minute > 59 || second > 59 || milli > 999) {
    throw new RecordDamage(`a date of it is ${year}-${month}-${day} ${hour}:${minute}:${second}.${milli}`);
  }
  const days = daysSince1970(year, month) + day - 1;
  return formatIso(days * microsPerDay + ((hour * 60 + minute) * 60 + second) * 1e6 + milli * 1000);
}

function daysIn(year: number, month: number): number {
  const next = month === 12 ? daysSince1970(year + 1, 1) : daysSince1970(year, month + 1);
  return next - daysSince1970(year, month);
}
