import { literal, type Fragment, type Operand } from './fragment.ts';

/** The year 10000 in seconds, as in `collect/mapping/convert.ts`. */
const endSeconds = '253402300800';

/** True for a value that is there, and out of range or no number at all. */
function isOff(scalar: string, micros: string): string {
  return `${scalar} IS NOT NULL AND coalesce(abs(${micros}) >= ${endSeconds}000000, TRUE)`;
}

/** Decimal seconds to µs: the product of two doubles, rounded half to even by the cast, as `roundHalfEven` does. */
export function secondMicros({ scalar, isChecked }: Operand): Fragment {
  const sql = `TRY_CAST(TRY_CAST(${scalar} AS DOUBLE) * 1e6 AS BIGINT)`;
  return { sql, irregular: isChecked ? [] : [isOff(scalar, sql)] };
}

/** Epoch seconds, or in JSON milliseconds and ISO 8601 text too; in a cell those two are rare enough to be decoded. */
export function epochMicros(operand: Operand): Fragment {
  if (operand.micros !== undefined) return operand.micros;
  if (operand.isChecked) return secondMicros(operand);
  const { scalar, text } = operand;
  const number = `TRY_CAST(${scalar} AS DOUBLE)`;
  const factor = `CASE WHEN abs(${number}) < ${endSeconds} THEN 1e6 ELSE 1e3 END`;
  const micros = `TRY_CAST(${number} * ${factor} AS BIGINT)`;
  const iso = isoMicros(text);
  const isText = `starts_with(${scalar}, '"')`;
  const irregular = iso.irregular.map((part) => `(${part})`).join(' OR ');
  return {
    sql: `CASE WHEN ${isText} THEN ${iso.sql} ELSE ${micros} END`,
    irregular: [`CASE WHEN ${isText} THEN ${irregular} ELSE ${isOff(scalar, micros)} END`],
  };
}

const isoPattern = literal(
  '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,9})?(?:Z|[+-][0-9]{2}:?[0-9]{2})?',
);

/** ISO 8601 text to µs; the cast knows zones, and fails for days that are none, which JavaScript counts on. */
export function isoMicros(text: Fragment): Fragment {
  const sql = `epoch_us(TRY_CAST(${text.sql} AS TIMESTAMPTZ))`;
  const misfit = `${text.sql} IS NOT NULL AND (${sql} IS NULL OR NOT regexp_full_match(${text.sql}, ${isoPattern}))`;
  return { sql, irregular: [...text.irregular, misfit] };
}
