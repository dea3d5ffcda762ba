import type { AuditRecord, Memory } from './record.ts';
import {
  apostrophe,
  blank,
  byteClass,
  closeBrace,
  closeParenthesis,
  comma,
  endsToken,
  equalsSign,
  groupSeparator,
  isClosing,
  isNoHexDigit,
  isSpecial,
  openBrace,
  openParenthesis,
  quoteByte,
} from './bytes.ts';
import { internKey, key, nextHash, type Key } from './keys.ts';

/** Marks of one field's value. */
export const isQuoted = 1;
/** Stands in the part that auditd's ENRICHED format adds after 0x1D. */
export const isEnriched = 2;
/** Has a byte that JSON must escape or that is no ASCII. */
export const hasSpecial = 4;
/** Pairs of `0-9A-F` only: the kernel's way to write text that it does not trust. */
export const looksHex = 8;

/** Fields of one record that are kept. The kernel writes at most some hundred (EXECVE); user space may write anything. */
const maxFields = 65_536;
/** Free text of one record that is kept. */
const maxWordsLength = 4096;

const seresult = key('seresult');
const seperms = key('seperms');
const msgKey = key('msg');
const nothing: Memory = { bytes: Buffer.alloc(0), text: '' };

/**
 * The fields of one record's body, as key and place of its value. An object is used again for the next record,
 * so nothing is allocated for fields that nobody asks for.
 */
export class Fields {
  type: Key = seresult;
  count = 0;
  readonly keys: Key[] = [];
  starts = new Int32Array(64);
  ends = new Int32Array(64);
  marks = new Uint8Array(64);
  /** Words of the body that are no field, in order, joined by blanks. */
  words = '';
  /** Fields past the bound were left out. */
  isCut = false;
  memory: Memory = nothing;

  /** Place of the first field of that name outside the enriched part, or inside it for its upper-case names; -1 if none. */
  indexOf(wanted: Key): number {
    const { keys, count } = this;
    for (let index = 0; index < count; index++) if (keys[index] === wanted) return index;
    return -1;
  }

  /** The value as it stands, without quotes. */
  rawAt(index: number): string {
    return this.memory.text.slice(this.starts[index], this.ends[index]);
  }

  read(record: AuditRecord): void {
    this.type = record.type;
    this.memory = record.memory;
    this.count = 0;
    this.words = '';
    this.isCut = false;
    readBody(this, record.from, record.to);
  }

  add(name: Key, from: number, to: number, marks: number): void {
    const index = this.count;
    if (index === maxFields) {
      this.isCut = true;
      return;
    }
    if (index === this.starts.length) this.#grow();
    this.keys[index] = name;
    this.starts[index] = from;
    this.ends[index] = to;
    this.marks[index] = marks;
    this.count = index + 1;
  }

  #grow(): void {
    const size = this.starts.length * 2;
    this.starts = copied(new Int32Array(size), this.starts);
    this.ends = copied(new Int32Array(size), this.ends);
    this.marks = copied(new Uint8Array(size), this.marks);
  }
}

function copied<T extends Int32Array | Uint8Array>(into: T, from: T): T {
  into.set(from);
  return into;
}

function readBody(fields: Fields, from: number, to: number): void {
  const { bytes } = fields.memory;
  let enriched = 0;
  let limit = to;
  let isNested = false;
  let before = fields.type;
  let at = from;
  while (at < to) {
    const byte = bytes[at] ?? 0;
    if (byte === groupSeparator) enriched = isEnriched;
    if (at >= limit) limit = to;
    if (((byteClass[byte] ?? 0) & endsToken) !== 0 || byte === apostrophe) {
      at++;
      continue;
    }
    const start = byte === openParenthesis ? at + 1 : at;
    const name = expectedKey(bytes, start, limit, before.next) ?? readKey(bytes, start, limit);
    if (name === undefined) {
      at = readWord(fields, start, limit);
      continue;
    }
    if (before.next !== name) before.next = name;
    before = name;
    at = start + name.bytes.length + 1;
    if (name === msgKey && bytes[at] === apostrophe && !isNested) {
      isNested = true;
      limit = nestedEnd(bytes, at + 1, to);
      at++;
      continue;
    }
    at = readValue(fields, name, at, limit, enriched);
    if (at < limit && bytes[at] === blank) at++;
  }
}

/** The key that is expected, if it stands there. */
function expectedKey(bytes: Uint8Array, from: number, limit: number, expected: Key | undefined): Key | undefined {
  if (expected === undefined) return undefined;
  const known = expected.bytes;
  const end = from + known.length;
  if (end >= limit || bytes[end] !== equalsSign) return undefined;
  for (let at = 0; at < known.length; at++) if (bytes[from + at] !== known[at]) return undefined;
  return expected;
}

/** The key of `KEY=`; undefined when a blank or the end comes first. */
function readKey(bytes: Uint8Array, from: number, limit: number): Key | undefined {
  let hash = 0;
  for (let at = from; at < limit; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === equalsSign) return internKey(bytes, from, at, hash);
    if (((byteClass[byte] ?? 0) & endsToken) !== 0) return undefined;
    hash = nextHash(hash, byte);
  }
  return undefined;
}

/** End of `msg='…'`: before the closing apostrophe, or where the body or its own part ends when that is missing. */
function nestedEnd(bytes: Uint8Array, from: number, to: number): number {
  let end = from;
  while (end < to && bytes[end] !== groupSeparator) end++;
  while (end > from && bytes[end - 1] === blank) end--;
  return end > from && bytes[end - 1] === apostrophe ? end - 1 : end;
}

function readValue(fields: Fields, name: Key, from: number, limit: number, marks: number): number {
  const { bytes } = fields.memory;
  const first = from < limit ? bytes[from] : blank;
  if (first === quoteByte) return readQuoted(fields, name, from + 1, limit, marks);
  if (first === openBrace) return readBraces(fields, name, from, limit, marks);
  let seen = 0;
  let at = from;
  for (; at < limit; at++) {
    const bits = byteClass[bytes[at] ?? 0] ?? 0;
    if (bits & endsToken) break;
    seen |= bits;
  }
  // The oldest programs wrote `(hostname=?, addr=?, terminal=cron res=success)`.
  const end = (seen & isClosing) === 0 ? at : trimmed(bytes, from, at);
  const hex = !(seen & isNoHexDigit) && end > from && (end - from) % 2 === 0;
  fields.add(name, from, end, marks | (seen & isSpecial ? hasSpecial : 0) | (hex ? looksHex : 0));
  return at;
}

/** A closing parenthesis belongs to the value when the value opened it, as in `(null)` or `unknown(500)`. */
function trimmed(bytes: Uint8Array, from: number, to: number): number {
  let end = to;
  if (bytes[end - 1] === comma) end--;
  if (bytes[end - 1] !== closeParenthesis) return end;
  for (let at = from; at < end; at++) if (bytes[at] === openParenthesis) return end;
  return end - 1;
}

function readQuoted(fields: Fields, name: Key, from: number, limit: number, marks: number): number {
  const { bytes } = fields.memory;
  let seen = 0;
  let at = from;
  for (; at < limit && bytes[at] !== quoteByte; at++) seen |= byteClass[bytes[at] ?? 0] ?? 0;
  fields.add(name, from, at, marks | isQuoted | (seen & isSpecial ? hasSpecial : 0));
  for (at++; at < limit && !((byteClass[bytes[at] ?? 0] ?? 0) & endsToken); at++);
  return at;
}

/** `{ saddr_fam=inet … }`, one value with blanks in it. */
function readBraces(fields: Fields, name: Key, from: number, limit: number, marks: number): number {
  const { bytes } = fields.memory;
  let seen = 0;
  let at = from;
  for (; at < limit && bytes[at] !== closeBrace && bytes[at] !== groupSeparator; at++) {
    seen |= byteClass[bytes[at] ?? 0] ?? 0;
  }
  const end = bytes[at] === closeBrace ? at + 1 : at;
  fields.add(name, from, end, marks | (seen & isSpecial ? hasSpecial : 0));
  return end;
}

/** A word without `=`. An SELinux decision is two of them: `avc:  denied  { read write } for`. */
function readWord(fields: Fields, from: number, limit: number): number {
  const { bytes, text } = fields.memory;
  let to = from;
  while (to < limit && ((byteClass[bytes[to] ?? 0] ?? 0) & endsToken) === 0) to++;
  const isPermissions = bytes[from] === openBrace && fields.keys[fields.count - 1] === seresult && fields.count > 0;
  if (isPermissions) return readPermissions(fields, from + 1, limit);
  const word = text.slice(from, to);
  if ((word === 'denied' || word === 'granted') && fields.words.endsWith('avc:')) {
    fields.add(seresult, from, to, 0);
    return to;
  }
  if (word === 'old' || word === 'new') return readOldOrNew(fields, from, to, limit);
  addWord(fields, word);
  return to;
}

/** `{ read write }` of a decision; without the closing brace all that follows is taken for it. */
function readPermissions(fields: Fields, from: number, limit: number): number {
  const { bytes } = fields.memory;
  let close = from;
  while (close < limit && bytes[close] !== closeBrace) close++;
  let start = from;
  let end = close;
  while (start < end && bytes[start] === blank) start++;
  while (end > start && bytes[end - 1] === blank) end--;
  let seen = 0;
  for (let at = start; at < end; at++) seen |= byteClass[bytes[at] ?? 0] ?? 0;
  fields.add(seperms, start, end, seen & isSpecial ? hasSpecial : 0);
  return close + 1;
}

/** Kernels before 3.14 wrote `old auid=… new auid=…`: the word belongs to the key. */
function readOldOrNew(fields: Fields, from: number, to: number, limit: number): number {
  const { bytes, text } = fields.memory;
  let end = to + 1;
  while (end < limit && bytes[end] !== equalsSign && !((byteClass[bytes[end] ?? 0] ?? 0) & endsToken)) end++;
  if (end >= limit || bytes[end] !== equalsSign) {
    addWord(fields, text.slice(from, to));
    return to;
  }
  return readValue(fields, internKey(bytes, from, end), end + 1, limit, 0);
}

function addWord(fields: Fields, word: string): void {
  if (fields.words.length < maxWordsLength) fields.words = fields.words === '' ? word : `${fields.words} ${word}`;
}
