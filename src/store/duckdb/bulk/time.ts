import { literal, type Fragment, type Operand } from './fragment.ts';

/** Decimal seconds to µs: the product of two doubles, rounded half to even by the cast, as `roundHalfEven` does. */
export function secondMicros(scalar: string): Fragment {
  return { sql: `TRY_CAST(TRY_CAST(${scalar} AS DOUBLE) * 1e6 AS BIGINT)`, irregular: [] };
}

/** Epoch seconds, or what else the values of the column are: in a cell, milliseconds and ISO 8601 text are decoded. */
export function epochMicros({ micros, scalar }: Operand): Fragment {
  return micros ?? secondMicros(scalar);
}

const isoPattern = literal(
  '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?',
);

/** True for a time that no double holds exactly (from the year 2255 on): the row decoder rounds or refuses it. */
export function isInexact(micros: string): string {
  return `abs(${micros}) > ${Number.MAX_SAFE_INTEGER}`;
}

/** ISO 8601 text to µs; the cast knows zones, and fails for days that are none, which JavaScript counts on. */
export function isoMicros(text: Fragment): Fragment {
  const sql = `epoch_us(TRY_CAST(${text.sql} AS TIMESTAMPTZ))`;
  const misfit = `${text.sql} IS NOT NULL AND (${sql} IS NULL OR NOT regexp_full_match(${text.sql}, ${isoPattern}))`;
  return { sql, irregular: [...text.irregular, misfit, isInexact(sql)] };
}
