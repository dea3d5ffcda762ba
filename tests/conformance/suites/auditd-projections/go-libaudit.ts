import { errorName } from '../../../../src/collect/linux/names.ts';
import { interpretField } from '../../../../src/collect/sources/auditd/interpret/field.ts';
import { readSocketAddress } from '../../../../src/collect/sources/auditd/interpret/socket-address.ts';
import { syscallName } from '../../../../src/collect/linux/syscalls.ts';
import { isEnriched, looksHex, type Fields } from '../../../../src/collect/sources/auditd/records/fields.ts';
import { key } from '../../../../src/collect/sources/auditd/records/keys.ts';
import type { AuditRecord } from '../../../../src/collect/sources/auditd/records/record.ts';
import { hexBytes, integer, text, textAt } from '../../../../src/collect/sources/auditd/records/values.ts';
import { fieldsOf } from './records.ts';

export type Data = Record<string, string>;

export interface ParsedRecord {
  readonly '@timestamp': string;
  readonly record_type: string;
  readonly sequence: number;
  readonly raw_msg: string;
  readonly keys?: readonly string[];
  readonly data: Data;
}

/** Our parsed record in the shape of go-libaudit's: its names for fields, its spelling of results and times. */
export function projectRecord(record: AuditRecord): ParsedRecord {
  const fields = fieldsOf(record);
  const keys = keysOf(fields);
  return {
    '@timestamp': timeText(record.time),
    record_type: record.type.name.toLowerCase(),
    sequence: record.serial,
    raw_msg: rawMessage(record),
    ...(keys === undefined ? {} : { keys }),
    data: dataOf(fields),
  };
}

/** Ids that it spells `unset`. */
const unsetKeys = new Set(['auid', 'old-auid', 'ses']);
/** Values that it leaves out. */
const nothing = new Set(['', '?', '?,', '(null)']);

export function dataOf(fields: Fields): Data {
  const data: Data = {};
  for (let index = 0; index < fields.count; index++) {
    const name = fields.keys[index]?.name ?? '';
    if (((fields.marks[index] ?? 0) & isEnriched) !== 0 || name === 'key') continue;
    const value = valueOf(fields, index, name);
    if (nothing.has(value)) continue;
    if (name === 'subj' || name === 'obj') Object.assign(data, labelOf(name, value));
    else if (name === 'success' || name === 'res') data['result'] = resultText(value);
    else if (name === 'saddr') Object.assign(data, addressOf(fields, index));
    else data[name.replace(' ', '_')] = value;
  }
  return data;
}

function valueOf(fields: Fields, index: number, name: string): string {
  const raw = fields.rawAt(index);
  if (fields.type.name === 'EXECVE' && /^a\d+$/.test(name)) {
    return ((fields.marks[index] ?? 0) & looksHex) === 0
      ? textAt(fields, index)
      : hexBytes(fields, index).toString('utf8');
  }
  if (name === 'arch' || name === 'seperms') return interpretField(fields, index, '');
  if (name === 'syscall') return callName(fields) ?? raw;
  if (name === 'exit' && raw.startsWith('-')) return errorName(-Number(raw)) ?? raw;
  if (unsetKeys.has(name) && (raw === '4294967295' || raw === '-1')) return 'unset';
  if (name === 'proctitle') return textAt(fields, index).replaceAll('\0', ' ');
  return textAt(fields, index);
}

function callName(fields: Fields): string | undefined {
  return syscallName(text(fields, key('arch')) ?? '', integer(fields, key('syscall')) ?? -1);
}

function resultText(value: string): string {
  return value === 'yes' || value === 'success' || value === '1' ? 'success' : 'fail';
}

/** `system_u:system_r:crond_t:s0-s0:c0.c1023` under a name for each part. */
function labelOf(name: string, label: string): Data {
  const parts = ['user', 'role', 'domain', 'level', 'category'];
  return Object.fromEntries(
    label
      .split(':')
      .slice(0, parts.length)
      .map((part, index) => [`${name}_${parts[index] ?? ''}`, part]),
  );
}

function addressOf(fields: Fields, index: number): Data {
  const saddr = fields.rawAt(index);
  const address =
    ((fields.marks[index] ?? 0) & looksHex) === 0 ? undefined : readSocketAddress(hexBytes(fields, index));
  switch (address?.family) {
    case 'inet':
    case 'inet6':
      return {
        family: address.family.replace('inet6', 'ipv6').replace('inet', 'ipv4'),
        addr: address.ip,
        port: String(address.port),
      };
    case 'unix':
      return { family: 'unix', path: address.path ?? '' };
    case 'other':
      return { family: String(address.number), saddr };
    case 'netlink':
    case 'packet':
    case 'short':
      return { family: address.family === 'short' ? address.name : address.family, saddr };
    case undefined:
      return { saddr };
  }
}

/** Keys of rules; old tools wrote `key="key=NAME"`. */
export function keysOf(fields: Fields): readonly string[] | undefined {
  const value = text(fields, key('key'));
  return value?.split('\u0001').map((one) => one.replace(/^key=/, ''));
}

/** RFC 3339 with as many digits as are not zero. */
export function timeText(micros: number): string {
  const whole = new Date(Math.floor(micros / 1e6) * 1000).toISOString().slice(0, 19);
  const fraction = String(micros % 1e6)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${whole}${fraction === '' ? '' : `.${fraction}`}Z`;
}

/** The line from `audit(` on. */
function rawMessage(record: AuditRecord): string {
  const { text: whole } = record.memory;
  const line = whole.slice(whole.lastIndexOf('\n', record.from - 1) + 1, record.to);
  return Buffer.from(line.slice(line.indexOf('audit(')), 'latin1')
    .toString('utf8')
    .trimEnd();
}
