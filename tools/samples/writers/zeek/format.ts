import type { Micros } from '../../../../src/base/time.ts';
import type { Flow } from '../../model/network.ts';

/** Columns as `name type` pairs in one text: what the `#fields` and `#types` lines say. */
export interface ZeekSchema {
  readonly path: string;
  readonly columns: readonly (readonly [name: string, type: string])[];
}

export function schema(path: string, text: string): ZeekSchema {
  const columns = text
    .trim()
    .split(/\s+/)
    .map((pair): readonly [string, string] => {
      const colon = pair.indexOf(':');
      return [pair.slice(0, colon), pair.slice(colon + 1)];
    });
  return { path, columns };
}

export const idColumns = 'uid:string id.orig_h:addr id.orig_p:port id.resp_h:addr id.resp_p:port';

export function header(log: ZeekSchema, opened: Micros): string[] {
  return [
    '#separator \\x09',
    '#set_separator\t,',
    '#empty_field\t(empty)',
    '#unset_field\t-',
    `#path\t${log.path}`,
    `#open\t${stamp(opened)}`,
    `#fields\t${log.columns.map(([name]) => name).join('\t')}`,
    `#types\t${log.columns.map(([, type]) => type).join('\t')}`,
  ];
}

export function footer(closed: Micros): string[] {
  return [`#close\t${stamp(closed)}`];
}

/** `2026-03-10-00-00-00`, as in file names and in `#open`. */
export function stamp(time: Micros): string {
  return new Date(time / 1000).toISOString().slice(0, 19).replace(/[T:]/g, '-');
}

export type Value = string | number | boolean | undefined;

/** A row. Texts must have gone through `text` or `list` when they come from outside Zeek. */
export function row(log: ZeekSchema, values: readonly Value[]): string {
  if (values.length !== log.columns.length) {
    throw new RangeError(`${log.path} has ${log.columns.length} columns, not ${values.length}`);
  }
  return values.map(cell).join('\t');
}

function cell(value: Value): string {
  if (value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'T' : 'F';
  return String(value);
}

/** Seconds with six digits: times and intervals. */
export function time(micros: Micros): string {
  const whole = Math.floor(micros / 1_000_000);
  return `${whole}.${String(micros - whole * 1_000_000).padStart(6, '0')}`;
}

/** Zeek's ASCII writer: bytes that would end a cell, a lone hyphen and a backslash are written as `\xNN`. */
export function text(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value === '') return '(empty)';
  if (value === '-') return '\\x2d';
  return value.replaceAll('\\', '\\\\').replaceAll('\t', '\\x09');
}

/** A set or vector; commas inside an element are escaped. */
export function list(values: readonly string[] | undefined): string | undefined {
  if (values === undefined) return undefined;
  if (values.length === 0) return '(empty)';
  return values.map((value) => (text(value) ?? '-').replaceAll(',', '\\x2c')).join(',');
}

export function idValues(flow: Flow): Value[] {
  return [flow.uid, flow.client.ip, flow.client.port, flow.server.ip, flow.server.port];
}
