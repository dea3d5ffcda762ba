import { isUtf8 } from 'node:buffer';
import type { AuditEvent } from '../../../../src/collect/sources/auditd/assembly/assembler.ts';
import { readArguments } from '../../../../src/collect/sources/auditd/events/arguments.ts';
import { isEnriched, looksHex, isQuoted, type Fields } from '../../../../src/collect/sources/auditd/records/fields.ts';
import { key, KeySet } from '../../../../src/collect/sources/auditd/records/keys.ts';
import { hexBytes, isHexText, textAt } from '../../../../src/collect/sources/auditd/records/values.ts';
import { fieldsOf, stampText } from './records.ts';

type Json = Record<string, unknown>;

/** Fields that it writes as numbers, in hexadecimal (`0x…`), and in octal (`0o…`). */
const decimal = new KeySet(
  'argc auid cap_fe egid entries euid exit family fe fsgid fsuid gid id inode inode_gid inode_uid ino item items list ' +
    'new_gid oauid obj_gid obj_uid ogid old-auid old-ses opid oses ouid pid ppid res sauid ses sgid sig suid syscall uid',
);
const hexadecimal = new KeySet(
  'arch cap_fi cap_fp cap_fver cap_pa cap_pe cap_pi cap_pp fi fp fver new_pe new_pi new_pp old_pa old_pe old_pi old_pp ' +
    'pa pe pi pp resolve',
);
const octal = new KeySet('mode');
/** Octal digits that it takes for text in hexadecimal. */
const misread = new KeySet('oflag');
/** Records of which an event has one: an object; all others are lists. */
const single = new Set(['SYSCALL', 'CWD', 'EXECVE', 'PROCTITLE']);

/** Our assembled event in the shape of laurel's JSON line. */
export function projectLaurel(event: AuditEvent): Json {
  const line: Json = { ID: `${stampText(event.time)}:${event.serial}` };
  if (event.node !== null) line['NODE'] = event.node;
  const execve: Fields[] = [];
  for (const record of event.records) {
    const fields = fieldsOf(record);
    const { name } = fields.type;
    if (name === 'EXECVE') execve.push(fields);
    else if (name === 'PROCTITLE') line[name] = { ARGV: titleArguments(fields) };
    else if (single.has(name)) line[name] = recordJson(fields);
    else line[name] = [...((line[name] ?? []) as Json[]), recordJson(fields)];
  }
  const [first] = execve;
  if (first !== undefined) {
    line['EXECVE'] = {
      argc: Number(first.rawAt(first.indexOf(key('argc')))),
      ARGV: readArguments(execve, {}, []).map(escaped),
    };
  }
  return line;
}

function recordJson(fields: Fields): Json {
  const json: Json = {};
  const args: string[] = [];
  const isCall = fields.type.name === 'SYSCALL';
  for (let index = 0; index < fields.count; index++) {
    const name = fields.keys[index]?.name ?? '';
    if (isCall && /^a[0-3]$/.test(name)) args.push(`0x${fields.rawAt(index)}`);
    else json[name] = valueOf(fields, index);
  }
  if (isCall) json['ARGV'] = args;
  return json;
}

function valueOf(fields: Fields, index: number): unknown {
  const raw = fields.rawAt(index);
  const name = fields.keys[index] ?? fields.type;
  const marks = fields.marks[index] ?? 0;
  if ((marks & isQuoted) !== 0) return textAt(fields, index);
  if ((marks & isEnriched) !== 0) return raw.replace(/^\{ (\w+=.*=.*) \}$/, '{$1}');
  if (raw === '(null)') return null;
  if (decimal.has(name) && /^-?\d+$/.test(raw)) return Number(raw);
  if (hexadecimal.has(name) && /^(?:0x)?[0-9a-f]+$/.test(raw)) return hexText(raw);
  if (octal.has(name) && /^[0-7]+$/.test(raw)) return `0o${BigInt(`0o${raw}`).toString(8)}`;
  if (misread.has(name) && (marks & looksHex) !== 0) return escapedBytes(hexBytes(fields, index));
  if (name.name === 'saddr' && (marks & looksHex) !== 0) return escapedBytes(hexBytes(fields, index));
  return isHexText(fields, index) ? escaped(textAt(fields, index)) : raw;
}

function hexText(raw: string): string {
  return `0x${BigInt(`0x${raw.replace(/^0x/, '')}`).toString(16)}`;
}

function titleArguments(fields: Fields): string[] {
  return textAt(fields, fields.indexOf(key('proctitle')))
    .split('\0')
    .map(escaped);
}

/** Text, with what is no UTF-8 as `%XX` too. */
function escapedBytes(bytes: Buffer): string {
  let out = '';
  for (let at = 0; at < bytes.length;) {
    const length = utf8Length(bytes, at);
    out += length === 0 ? percent(bytes[at] ?? 0) : escaped(bytes.toString('utf8', at, at + length));
    at += Math.max(1, length);
  }
  return out;
}

/** Bytes of the character at a place; 0 when there is none. */
function utf8Length(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}

function percent(code: number): string {
  return `%${code.toString(16).padStart(2, '0')}`;
}

/** It writes bytes that are no text, `%` and `+` as `%XX` where the log had hexadecimal. */
function escaped(text: string): string {
  return text.replaceAll(/[\p{Cc}%+]/gu, (character) => percent(character.charCodeAt(0)));
}
