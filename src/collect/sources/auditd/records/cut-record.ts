import { key, KeySet } from './keys.ts';
import type { AuditRecord } from './record.ts';

/** Records of the kernel that hold nothing but `KEY=VALUE`, with all text in quotes or hexadecimal. */
const strict = new KeySet('SYSCALL PATH EXECVE CWD SOCKADDR PROCTITLE');
const syscall = key('SYSCALL');
const endOfEvent = key('EOE');

/**
 * Whether the last record of a log, which has no line end, stops before its end: a quote or a brace is open, a field has
 * no value, or the program of a system call is missing. One that was cut between two fields can pass for a whole one.
 */
export function looksCut({ type, memory, from, to }: AuditRecord): boolean {
  const body = memory.text.slice(from, to).trimEnd();
  if (body === '') return type !== endOfEvent;
  const message = body.indexOf("msg='");
  if (message >= 0 && body.lastIndexOf("'") < message + 5) return true;
  if (!strict.has(type)) return false;
  if (type === syscall && !body.includes(' exe=')) return true;
  if (body.lastIndexOf('{') > body.lastIndexOf('}')) return true;
  if (isQuoteOpen(body)) return true;
  const lastField = body.slice(Math.max(body.lastIndexOf(' '), body.lastIndexOf('\u001d')) + 1);
  return !lastField.endsWith('}') && (!lastField.includes('=') || lastField.endsWith('='));
}

function isQuoteOpen(body: string): boolean {
  let quotes = 0;
  for (let at = body.indexOf('"'); at >= 0; at = body.indexOf('"', at + 1)) quotes++;
  return quotes % 2 === 1;
}
