import { Cursor } from '../../wire/cursor.ts';
import { readName } from './name.ts';
import { readAnswerText } from './record-data.ts';

/** More questions than this are not DNS (Zeek's `dns_max_queries`). */
const maxQuestions = 25;

export interface DnsHeader {
  readonly id: number;
  readonly isResponse: boolean;
  readonly opcode: number;
  readonly authoritative: boolean;
  readonly truncated: boolean;
  readonly recursionDesired: boolean;
  readonly recursionAvailable: boolean;
  /** The three bits between RA and RCODE: Z, AD and CD. */
  readonly z: number;
  readonly responseCode: number;
  readonly questionCount: number;
  readonly answerCount: number;
  /** Authority and additional records announced. */
  readonly otherCount: number;
}

export interface DnsQuestion {
  readonly name: string;
  readonly type: number;
  readonly dnsClass: number;
}

export interface DnsRecord extends DnsQuestion {
  readonly ttl: number;
  /** Its data in Zeek's words; undefined where Zeek says nothing of it (WKS, OPT), and when it is damaged. */
  readonly text: string | undefined;
}

export interface DnsMessage {
  readonly header: DnsHeader;
  readonly questions: readonly DnsQuestion[];
  readonly answers: readonly DnsRecord[];
  /** What ended the reading early; undefined when all that the counts announce was there. */
  readonly damage: string | undefined;
}

/** The twelve bytes of the header; undefined when they are not there. */
export function readDnsHeader(bytes: Uint8Array): DnsHeader | undefined {
  if (bytes.length < 12) return undefined;
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  const flags = word(2);
  return {
    id: word(0),
    isResponse: (flags & 0x8000) !== 0,
    opcode: (flags >> 11) & 15,
    authoritative: (flags & 0x400) !== 0,
    truncated: (flags & 0x200) !== 0,
    recursionDesired: (flags & 0x100) !== 0,
    recursionAvailable: (flags & 0x80) !== 0,
    z: (flags >> 4) & 7,
    responseCode: flags & 15,
    questionCount: word(4),
    answerCount: word(6),
    otherCount: word(8) + word(10),
  };
}

/** How a message is to be read: NetBIOS names have longer labels, its type 33 is no SRV, and its answers have forms of their own. */
export interface DnsReading {
  readonly isNetbios: boolean;
}

/**
 * Header, questions and answers of a message (RFC 1035). Counts are believed only as far as the bytes go; damage keeps what
 * came before. Authority and additional records are not read: no event tells them. Undefined without a whole header.
 */
export function readDnsMessage(bytes: Uint8Array, reading: DnsReading): DnsMessage | undefined {
  const header = readDnsHeader(bytes);
  if (header === undefined) return undefined;
  const cursor = new Cursor(bytes, 12);
  const questions: DnsQuestion[] = [];
  const answers: DnsRecord[] = [];
  const damage =
    readQuestions(cursor, header.questionCount, reading, questions) ??
    readRecords(cursor, header.answerCount, reading, answers);
  return { header, questions, answers, damage };
}

function readQuestions(
  cursor: Cursor,
  count: number,
  reading: DnsReading,
  questions: DnsQuestion[],
): string | undefined {
  if (count > maxQuestions) return 'too many questions';
  for (let index = 0; index < count; index++) {
    const name = readName(cursor, reading.isNetbios);
    const type = cursor.u16();
    const dnsClass = cursor.u16();
    if (name === undefined || cursor.isCut) return 'a question is cut or malformed';
    questions.push({ name, type, dnsClass });
  }
  return undefined;
}

function readRecords(cursor: Cursor, count: number, reading: DnsReading, records: DnsRecord[]): string | undefined {
  for (let index = 0; index < count; index++) {
    const record = readRecord(cursor, reading);
    if (record === undefined) return 'an answer is cut or malformed';
    records.push(record);
  }
  return undefined;
}

function readRecord(cursor: Cursor, reading: DnsReading): DnsRecord | undefined {
  const name = readName(cursor, reading.isNetbios);
  const type = cursor.u16();
  const dnsClass = cursor.u16();
  const ttl = cursor.u32();
  const length = cursor.u16();
  if (name === undefined || cursor.isCut || length > cursor.left) return undefined;
  const end = cursor.position + length;
  const text = length === 0 ? undefined : readAnswerText(cursor, type, end, name, reading);
  cursor.position = end;
  cursor.isCut = false;
  return { name, type, dnsClass, ttl, text };
}
