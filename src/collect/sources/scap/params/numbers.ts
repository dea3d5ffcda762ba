import type { NameTable, Parameter } from '../format/event-table.ts';
import type { ScapRecord } from '../record.ts';

/** A whole number as the event's table wants it written: decimal, octal with a zero before it, or
 * hexadecimal in capitals. */
export function numberText(record: ScapRecord, index: number, { type, base }: Parameter): string {
  const width = record.lengthOf(index);
  if (width === 8) return wideText(record.big(index), base);
  const isSigned = type.startsWith('INT') && base === 10;
  const value = isSigned ? record.int(index) : record.uint(index);
  if (base === 8 && value !== 0) return `0${value.toString(8)}`;
  return value.toString(base).toUpperCase();
}

/** 64-bit numbers in decimal are signed, whatever their type says. */
function wideText(value: bigint, base: number): string {
  return base === 10 ? BigInt.asIntN(64, value).toString() : value.toString(base).toUpperCase();
}

/** Names of the bits that are set, joined by `|`, in the order of the table; each bit is named once. */
export function bitNames(table: NameTable, value: number): string {
  const found: string[] = [];
  let left = value;
  for (const [name, bits] of table) {
    const isSet = bits === 0 ? value === 0 : left !== 0 && (left & bits) >>> 0 === bits;
    if (!isSet) continue;
    found.push(name);
    left = (left & ~bits) >>> 0;
    if (bits === value) break;
  }
  return found.join('|');
}

/** Name of an enumerated value: the first when the table has several for it, empty when it has none. */
export function valueName(table: NameTable, value: number): string {
  for (const [name, known] of table) if (known === value) return name;
  return '';
}

/** A number as printf's `%g` writes it: six significant digits, no zeros at the end. */
export function generalText(value: number): string {
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(Number(value.toPrecision(6)))));
  if (exponent >= -4 && exponent < 6) return String(Number(value.toPrecision(6)));
  const [mantissa = '', power = ''] = value.toExponential(5).split('e');
  const sign = power.startsWith('-') ? '-' : '+';
  return `${Number(mantissa)}e${sign}${power.replace(/^[+-]/, '').padStart(2, '0')}`;
}
