import type { Detection } from '../../source.ts';
import { headerlessFields } from './header.ts';
import { logOfFields, logOfName } from './logs.ts';

const openBrace = 123;
/** Enough for any header, and for the first record of any log that is not made to be long. */
const looked = 16_384;

export function detect(name: string, head: Uint8Array): Detection {
  if (isJson(head)) return detectJson(name, textOf(head).trimStart());
  const text = textOf(head);
  // Comments may stand above, and blanks before the first `#`: test suites and hands write such.
  if (/^(?:[ \t]*#[^\n]{0,300}\n){0,5}[ \t]*#separator /.test(text)) return 'certain';
  if (/^(?:[ \t]*#[^\n]{0,300}\n){0,20}#fields[\t ,|]/.test(text)) return 'certain';
  const line = firstLine(text.replace(/^(?:#[^\n]{0,300}\n){1,5}/, ''));
  if (headerlessFields(line) !== undefined) return 'certain';
  // A log whose beginning is missing: its name and its first cell, a time, tell it; decoding says what is wrong.
  return logOfName(name) !== undefined && /^\d{9,10}\.\d{6}\t/.test(line) ? 'likely' : undefined;
}

/** Blanks before the first thing in a content, at most. */
const maxBlanks = 65_536;

/** True when the first thing in the content is an object. */
export function isJson(head: Uint8Array): boolean {
  return firstByte(head) === openBrace;
}

/** True as long as nothing but blanks has come: what the content is cannot be told yet. */
export function isUndecided(head: Uint8Array): boolean {
  return head.length < maxBlanks && firstByte(head) === undefined;
}

function firstByte(head: Uint8Array): number | undefined {
  let at = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const end = Math.min(head.length, maxBlanks);
  while (at < end && isBlank(head[at])) at++;
  return at < end ? head[at] : undefined;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}

function textOf(head: Uint8Array): string {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, looked))
    .toString('utf8')
    .replace(/^\uFEFF/, '');
}

function firstLine(text: string): string {
  const end = text.indexOf('\n');
  return text.slice(0, end < 0 ? undefined : end).replace(/\r$/, '');
}

/**
 * Told by the keys of the first record, whole or cut: `ts` and what else only Zeek names so. Streams say on each row which
 * log it is and when it was written, also of logs that have no `ts`.
 */
function detectJson(name: string, text: string): Detection {
  const line = firstLine(text);
  const keys = new Set([...line.matchAll(/"(?<key>[\w.]{1,80})" ?:/g)].map((match) => match.groups?.['key'] ?? ''));
  if (keys.has('_path') && keys.has('_write_ts')) return 'certain';
  if (!keys.has('ts')) return undefined;
  const hasEnds = keys.has('id.orig_h') || keys.has('id_orig_h') || (keys.has('id') && keys.has('orig_h'));
  if (keys.has('_path') || hasEnds) return 'certain';
  return logOfName(name) !== undefined || logOfFields(keys) !== undefined ? 'likely' : undefined;
}
