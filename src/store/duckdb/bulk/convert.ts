import type { Conversion } from '../../../events/mapping.ts';
import { isCanonicalIp, mayBeOtherIp } from './addresses.ts';
import type { Fragment, Operand } from './fragment.ts';
import { epochMicros, isoMicros, secondMicros } from './time.ts';

/**
 * SQL for a conversion, with the same result as `collect/mapping/convert.ts` for every row that is regular. What the two
 * would treat differently, or would treat as a bad value, is irregular; being too strict here costs time, never truth.
 */
export function convertSql(as: Conversion, operand: Operand): Fragment {
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
      return checked(`TRY_CAST(${operand.scalar} AS BIGINT)`);
    case 'real':
      return checked(`TRY_CAST(${operand.scalar} AS DOUBLE)`);
    case 'boolean':
      return checked(`(${operand.scalar} IN ('T', 'true'))`);
    case 'ip':
      return checked(operand.scalar);
    case 'seconds':
      return epochMicros(operand);
    case 'iso':
      return isoMicros(operand.text);
    case 'interval':
      return secondMicros(operand.scalar);
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

/** Something made of a value that was looked at before, as all that are not text were. */
function checked(sql: string): Fragment {
  return { sql, irregular: [] };
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

function ips(list: Fragment): Fragment {
  return {
    sql: `list_filter(${list.sql}, lambda x: ${isCanonicalIp('x')})`,
    irregular: [...list.irregular, `len(list_filter(${list.sql}, lambda x: ${mayBeOtherIp('x')})) > 0`],
  };
}
