import type { AuditEvent } from '../../../../src/collect/sources/auditd/assembly/assembler.ts';
import { interpretField } from '../../../../src/collect/sources/auditd/interpret/field.ts';
import { syscallName } from '../../../../src/collect/linux/syscalls.ts';
import { isEnriched, looksHex, type Fields } from '../../../../src/collect/sources/auditd/records/fields.ts';
import { key } from '../../../../src/collect/sources/auditd/records/keys.ts';
import { hexBytes, integer, text } from '../../../../src/collect/sources/auditd/records/values.ts';
import { fieldsOf } from './records.ts';

/** Our event as the lines of `ausearch -i`, without the time: `type=PATH : item=0 name=/bin/sh …`. */
export function projectInterpreted(event: AuditEvent): string[] {
  const records = event.records.map(fieldsOf);
  const call = records.find((fields) => fields.type.name === 'SYSCALL');
  const callName =
    call === undefined ? '' : (syscallName(text(call, key('arch')) ?? '', integer(call, key('syscall')) ?? -1) ?? '');
  return records.map((fields) => `type=${fields.type.name} : ${bodyOf(fields, callName)}`.trimEnd());
}

function bodyOf(fields: Fields, call: string): string {
  const parts: string[] = [];
  for (let index = 0; index < fields.count; index++) {
    const name = fields.keys[index]?.name ?? '';
    if (((fields.marks[index] ?? 0) & isEnriched) !== 0) continue;
    parts.push(`${name}=${visible(valueOf(fields, index, name, call))}`);
  }
  return parts.join(' ');
}

function valueOf(fields: Fields, index: number, name: string, call: string): string {
  const isArgument = fields.type.name === 'EXECVE' && /^a\d+(?:\[|$)/.test(name);
  if (isArgument && ((fields.marks[index] ?? 0) & looksHex) !== 0) return hexBytes(fields, index).toString('utf8');
  return interpretField(fields, index, call, names);
}

/** The machine that printed it; other names stand in the logs themselves. */
const names = {
  user: (id: number): string | undefined => (id === 0 ? 'root' : undefined),
  group: (id: number): string | undefined => (id === 0 ? 'root' : undefined),
};

/** ausearch writes control characters in octal. */
function visible(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (character) => `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`);
}

/** ausearch 3.0.9 reads these wrongly: `oflag` is octal, `resolve` has its `0x` already, `?` is no mask. */
const misread = /^(?:oflag|resolve|cap_f[pi])=/;

/**
 * The first field of a line that differs. Where ausearch left a number as it is, ours may say more (`a3=0x1b6`, which is
 * the mode of a created file).
 */
export function lineDifference(got: string, want: string): { got: string; want: string } | undefined {
  if (got === want) return undefined;
  const left = splitFields(got);
  const right = splitFields(want);
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const ours = renamed(left[index] ?? '');
    const theirs = right[index] ?? '';
    if (ours === theirs || (misread.test(ours) && misread.test(theirs)) || isLeft.test(theirs)) continue;
    return { got: ours, want: theirs };
  }
  return undefined;
}

/** A number that ausearch has no name for. */
const isLeft = /^a[0-3]=(?:0x[0-9a-f]+|unknown-proto\(\w+\))$/;

/** Its names for the UNIX address family, and for the two bits of O_SYNC. */
function renamed(field: string): string {
  if (field === 'a0=unix') return 'a0=local';
  if (!field.includes('|O_SYNC')) return field;
  return `${field.replace('|O_SYNC', '|O_DSYNC')}|__O_SYNC`;
}

function splitFields(line: string): string[] {
  return line.split(/ (?=[\w-]+=)/);
}

/** The lines of `ausearch -i` by serial number, without the time. */
export function readInterpreted(output: string): Map<number, string[]> {
  const bySerial = new Map<number, string[]>();
  for (const line of output.split('\n')) {
    const found = /^(type=\S+) msg=audit\([^)]*:(\d+)\) : +(.*)$/.exec(line);
    if (found === null) continue;
    const [, type = '', serial = '', body = ''] = found;
    bySerial.set(Number(serial), [...(bySerial.get(Number(serial)) ?? []), `${type} : ${body}`.trimEnd()]);
  }
  return bySerial;
}
