import { microsPerSecond, type Micros } from '../../../../base/time.ts';
import { blank, closeParenthesis, colon, dot, nine, standsAt, zero } from './bytes.ts';
import { internKey, nextHash, type Key } from './keys.ts';
import { canonicalType } from './types.ts';

/** Longest record type or node name that is taken for one. */
const maxNameLength = 255;
/** Digits of seconds, and of a serial number (32 bits): more are no header, and no time that a number can hold in µs. */
const maxSecondsDigits = 10;
const maxSeconds = 9_000_000_000;
const maxSerialDigits = 10;

const typeMark = Buffer.from('type=');
const messageMark = Buffer.from('msg=');
const stampMark = Buffer.from('audit(');

/** Bytes with the same bytes as latin1 text: looked at as bytes, cut out as text. */
export interface Memory {
  readonly bytes: Buffer;
  readonly text: string;
}

/** One line of an audit log: its header is read, its body stands as it was. */
export interface AuditRecord {
  readonly type: Key;
  time: Micros;
  serial: number;
  /** Machine that sent it: `node=`, or the host in front of a syslog line. */
  readonly node: string | null;
  /** Line in the content from 1, and the offset of its first byte. */
  readonly line: number;
  readonly byte: number;
  /** The body is `memory[from, to)`: what follows the header, interpretations included. */
  memory: Memory;
  from: number;
  to: number;
}

/** Why a line is no record. `nothing` are blank lines and the separators of `ausearch`. */
export type NoRecord = 'nothing' | 'malformed' | 'interpreted';

/**
 * Reads `[node=N ]type=T msg=audit(SECONDS.MILLIS:SERIAL): BODY` from `memory[from, to)`, the form of audit.log,
 * `ausearch --raw`, and (with a prefix) of syslog lines by the kernel or an audit plug-in.
 */
export function readRecord(
  memory: Memory,
  from: number,
  to: number,
  lineNumber: number,
  byte: number,
): AuditRecord | NoRecord {
  const { bytes } = memory;
  let at = from;
  let node: string | null = null;
  if (!standsAt(bytes, at, typeMark)) {
    const line = memory.text.slice(from, to);
    const start = findStart(line);
    if (start < 0) return isSeparator(line) ? 'nothing' : 'malformed';
    node = nodeOf(line.slice(0, start));
    at = from + start;
  }
  const typeFrom = at + 5;
  let hash = 0;
  for (at = typeFrom; at < to && (bytes[at] ?? 0) > 0x20; at++) hash = nextHash(hash, bytes[at] ?? 0);
  if (at === typeFrom || at - typeFrom > maxNameLength || at >= to) return 'malformed';
  const type = internKey(bytes, typeFrom, at, hash);
  at++;
  if (standsAt(bytes, at, messageMark)) at += 4;
  if (!standsAt(bytes, at, stampMark)) return 'malformed';
  const record: AuditRecord = {
    type: canonicalType(type),
    time: 0,
    serial: 0,
    node,
    line: lineNumber,
    byte,
    memory,
    from: at + 6,
    to,
  };
  return readStamp(record);
}

/** Reads `SECONDS.MILLIS:SERIAL): ` at the start of what is taken for the body, and moves the body behind it. */
function readStamp(record: AuditRecord): AuditRecord | NoRecord {
  const { memory, from, to } = record;
  const { bytes } = memory;
  let at = from;
  let seconds = 0;
  for (; at < to && isDigit(bytes[at]); at++) seconds = seconds * 10 + (bytes[at] ?? 0) - zero;
  if (bytes[at] === 0x2f) return 'interpreted';
  if (at === from || at - from > maxSecondsDigits || seconds > maxSeconds) return 'malformed';
  let micros = 0;
  if (bytes[at] === dot) {
    let unit = microsPerSecond / 10;
    for (at++; at < to && isDigit(bytes[at]); at++) {
      micros += ((bytes[at] ?? 0) - zero) * Math.floor(unit);
      unit /= 10;
    }
  }
  if (bytes[at] !== colon) return 'malformed';
  const serialFrom = at + 1;
  let serial = 0;
  for (at = serialFrom; at < to && isDigit(bytes[at]); at++) serial = serial * 10 + (bytes[at] ?? 0) - zero;
  if (at === serialFrom || at - serialFrom > maxSerialDigits || bytes[at] !== closeParenthesis) return 'malformed';
  at++;
  if (bytes[at] === colon) at++;
  record.time = seconds * microsPerSecond + micros;
  record.serial = serial;
  record.from = Math.min(at, to);
  return record;
}

/** Where `type=` begins in a line that does not begin with it; -1 when there is none before an `audit(`. */
function findStart(line: string): number {
  const mark = line.indexOf('audit(');
  const start = mark < 0 ? -1 : line.lastIndexOf('type=', mark);
  return start < 0 || (start > 0 && line.charCodeAt(start - 1) > blank) ? -1 : start;
}

/** `node=NAME`, else the host of a syslog prefix `Mon DD HH:MM:SS HOST TAG:` or `ISO-TIME HOST TAG:`. */
function nodeOf(prefix: string): string | null {
  if (prefix === lastNode.prefix) return lastNode.name;
  const words = prefix
    .slice(0, 2 * maxNameLength)
    .trim()
    .split(/ +/, 5);
  const [first = ''] = words;
  const host = /^\d{4}-\d\d-\d\dT/.test(first) ? words[1] : words[3];
  const name = first.startsWith('node=') ? first.slice(5) : host;
  lastNode = { prefix: copyOf(prefix), name: name === undefined || name.endsWith(':') ? null : ownText(name) };
  return lastNode.name;
}

/** Records of one machine mostly follow each other. */
let lastNode: { readonly prefix: string; readonly name: string | null } = { prefix: '', name: null };

function copyOf(text: string): string {
  return text.length > 2 * maxNameLength ? '' : Buffer.from(text, 'latin1').toString('latin1');
}

/** A copy that does not keep the memory alive that it was cut from. */
function ownText(text: string): string | null {
  return text === '' || text.length > maxNameLength ? null : Buffer.from(text, 'latin1').toString('utf8');
}

function isSeparator(line: string): boolean {
  const start = line.slice(0, 6).trimStart();
  return start === '' || start.startsWith('#') || start.startsWith('----') || start.startsWith('time->');
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}

/** Takes a record out of memory that its owner is about to use again. */
export function moveOut(record: AuditRecord): void {
  const bytes = Buffer.from(record.memory.bytes.subarray(record.from, record.to));
  record.memory = { bytes, text: bytes.toString('latin1') };
  record.to -= record.from;
  record.from = 0;
}
