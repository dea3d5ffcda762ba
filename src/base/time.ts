/** Microseconds since 1970-01-01T00:00:00Z as a number: exact up to the year 2255. */
export type Micros = number;

export const microsPerSecond = 1_000_000;
export const microsPerMinute = 60 * microsPerSecond;
export const microsPerHour = 60 * microsPerMinute;
export const microsPerDay = 24 * microsPerHour;

/** Rounds half to even, as DuckDB's cast from DOUBLE to BIGINT does, so that both ways to load agree. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Seconds as a decimal number (Zeek, auditd) to microseconds. NaN stays NaN. */
export function secondsToMicros(seconds: number): Micros {
  return roundHalfEven(seconds * microsPerSecond);
}

const isoPattern =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ](?<hour>\d{2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?(?<zone>Z|[+-]\d{2}:?\d{2})?$/;

/**
 * RFC 3339 / ISO 8601 date and time with up to nine fraction digits (cut to six) to microseconds.
 * Without a zone the text is taken as UTC. Undefined when it is not such a text or not a real date.
 */
export function parseIsoMicros(text: string): Micros | undefined {
  const groups = isoPattern.exec(text)?.groups;
  if (groups === undefined) return undefined;
  const part = (name: string): number => Number(groups[name] ?? 0);
  const [year, month, day, hour, minute, second] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(part) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const fraction = Number((groups['fraction'] ?? '').slice(0, 6).padEnd(6, '0'));
  return date.getTime() * 1000 + fraction - zoneMicros(groups['zone']);
}

function zoneMicros(zone: string | undefined): number {
  if (zone === undefined || zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -minutes : minutes) * microsPerMinute;
}

/** `2026-11-25T18:22:01.000042Z`: always UTC, always six digits. Text for years outside 0..9999 is clamped to them. */
export function formatIso(micros: Micros): string {
  const low = -62_167_219_200_000_000;
  const high = 253_402_300_799_999_999;
  const value = Math.min(Math.max(micros, low), high);
  const millis = Math.floor(value / 1000);
  const rest = value - millis * 1000;
  return `${new Date(millis).toISOString().slice(0, -1)}${String(rest).padStart(3, '0')}Z`;
}

/** `3 d 4 h`, `12 min`, `1.5 s`: two units at most, for people. */
export function formatDuration(micros: number): string {
  const seconds = micros / microsPerSecond;
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 90) return `${trim(seconds)} s`;
  if (seconds < 5400) return `${trim(seconds / 60)} min`;
  if (seconds < 129_600) return `${trim(seconds / 3600)} h`;
  return `${trim(seconds / 86_400)} d`;
}

function trim(value: number): string {
  return value >= 10 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
