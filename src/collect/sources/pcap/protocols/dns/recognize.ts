import type { FirstBytes, Recognition } from '../../analyzer.ts';
import { Cursor } from '../../wire/cursor.ts';
import { readDnsHeader } from './message.ts';
import { readName } from './name.ts';
import { dnsClassName, dnsTypeName } from '../../../../dns-names.ts';

/** A datagram, or a stream behind its length, that holds exactly one well-formed question. */
export function recognizeDns({ transport, orig, resp }: FirstBytes): Recognition {
  const bytes = orig.length > 0 ? orig : resp;
  if (transport !== 'tcp') return isQuestion(bytes) ? 'match' : 'no';
  if (bytes.length < 14) return 'more';
  const length = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
  return length >= 17 && isQuestion(bytes.subarray(2, 2 + length)) ? 'match' : 'no';
}

function isQuestion(bytes: Uint8Array): boolean {
  const header = readDnsHeader(bytes);
  if (header === undefined || header.opcode !== 0 || header.questionCount !== 1 || header.responseCode > 5) {
    return false;
  }
  // A query has no answers, and hardly more than an OPT record beside its question.
  if (header.isResponse ? header.answerCount > 100 : header.answerCount > 0 || header.otherCount > 2) return false;
  const cursor = new Cursor(bytes, 12);
  const name = readName(cursor);
  const type = cursor.u16();
  const dnsClass = cursor.u16();
  if (name === undefined || name === '' || cursor.isCut) return false;
  const hasRecords = header.answerCount + header.otherCount > 0;
  if (cursor.left > 0 !== hasRecords) return false;
  return /^[\x21-\x7e]+$/.test(name) && !dnsTypeName(type).startsWith('query-') && dnsClassName(dnsClass) === 'IN';
}
