import type { Conversion } from '../../../events/mapping.ts';
import { isCanonicalIp, mayBeOtherIp } from './addresses.ts';
import type { Fragment, Operand } from './fragment.ts';
import { epochMicros, isoMicros, secondMicros } from './time.ts';

/**
 * SQL for a conversion, with the same result as `collect/mapping/convert.ts` for every row that is regular. What the two
 * would treat differently, or would treat as a bad value, is irregular; being too strict here costs time, never truth.
 */
export function convertSql(as: Conversion, operand: Operand): Fragment {
  const { sql, irregular } = converted(as, operand);
  if (operand.hasSeveral === undefined || takesLists.has(as)) return { sql, irregular };
  return { sql, irregular: [...irregular, operand.hasSeveral] };
}

const takesLists: ReadonlySet<Conversion> = new Set(['list', 'ips', 'joined', 'json']);

function converted(as: Conversion, operand: Operand): Fragment {
  switch (as) {
    case 'text':
      return operand.text;
    case 'lower':
      return ofText(operand.text, asciiLower);
    case 'name':
      return ofText(operand.text, dnsName);
    case 'hostname':
      return ofText(operand.text, (text) => dnsName(`regexp_replace(${text}, ':[0-9]{1,5}$', '')`));
    case 'hex':
      return ofText(operand.text, (text) => asciiLower(`replace(${text}, ':', '')`));
    case 'integer':
      return integer(operand);
    case 'real':
      return real(operand);
    case 'boolean':
      return boolean(operand);
    case 'ip':
      return ip(operand);
    case 'seconds':
      return epochMicros(operand);
    case 'iso':
      return isoMicros(operand.text);
    case 'interval':
      return secondMicros(operand);
    case 'list':
      return operand.list;
    case 'ips':
      return ips(operand.list);
    case 'joined':
      return { sql: `array_to_string(${operand.list.sql}, ',')`, irregular: operand.list.irregular };
    case 'json':
      return operand.json;
  }
}

/** Something made of a text, regular wherever the text is. */
function ofText(text: Fragment, sql: (text: string) => string): Fragment {
  return { sql: sql(text.sql), irregular: text.irregular };
}

/** A to Z only, as `asciiLower` has it: `lower` would fold other letters too. */
function asciiLower(text: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const translated = `translate(${text}, '${letters}', '${letters.toLowerCase()}')`;
  return `CASE WHEN strlen(${text}) = length(${text}) THEN lower(${text}) ELSE ${translated} END`;
}

function dnsName(text: string): string {
  const lower = asciiLower(text);
  return `CASE WHEN ends_with(${text}, '.') AND ${text} <> '.' THEN (${lower})[:-2] ELSE ${lower} END`;
}

/** Regular is what the number is spelled as again, with digits few enough for a double to hold. */
function integer({ scalar, isChecked }: Operand): Fragment {
  const sql = `TRY_CAST(${scalar} AS BIGINT)`;
  if (isChecked) return { sql, irregular: [] };
  const most = `${Number.MAX_SAFE_INTEGER}`;
  return {
    sql,
    irregular: [`${sql}::VARCHAR IS DISTINCT FROM ${scalar}`, `NOT (${sql} BETWEEN -${most} AND ${most})`],
  };
}

function real({ scalar, isChecked }: Operand): Fragment {
  const sql = `TRY_CAST(${scalar} AS DOUBLE)`;
  return { sql, irregular: isChecked ? [] : [`${scalar} IS NOT NULL AND coalesce(NOT isfinite(${sql}), TRUE)`] };
}

function boolean({ scalar, isChecked }: Operand): Fragment {
  if (isChecked) return { sql: `(${scalar} IN ('T', 'true'))`, irregular: [] };
  const sql = `CASE ${scalar} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END`;
  return { sql, irregular: [`${sql} IS NULL AND ${scalar} IS NOT NULL`] };
}

function ip({ scalar, text, isChecked }: Operand): Fragment {
  if (isChecked) return { sql: scalar, irregular: [] };
  return { sql: text.sql, irregular: [...text.irregular, `NOT (${isCanonicalIp(text.sql)})`] };
}

function ips(list: Fragment): Fragment {
  return {
    sql: `list_filter(${list.sql}, lambda x: ${isCanonicalIp('x')})`,
    irregular: [...list.irregular, `len(list_filter(${list.sql}, lambda x: ${mayBeOtherIp('x')})) > 0`],
  };
}
