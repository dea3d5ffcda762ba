import { wideText } from '../../wire/text.ts';

/** Types of packets (MS-TDS, 2.2.3.1.1). */
export const packetType = { batch: 1, procedure: 3, answer: 4, login: 16, prelogin: 18 } as const;
export const tokenOf = { error: 0xaa } as const;
export const headerBytes = 8;
const maxType = 18;
const maxStatementLength = 4096;

/** Length of the packet that begins here; after TLS has begun there is none. */
export function packetLength(bytes: Uint8Array): number | 'more' | 'bad' {
  const type = bytes[0] ?? 0;
  if (type === 0 || type > maxType) return 'bad';
  if (bytes.length < 4) return 'more';
  const length = (bytes[2] ?? 0) * 256 + (bytes[3] ?? 0);
  return length < headerBytes ? 'bad' : length;
}

/** Fields of LOGIN7 by the place of their offset and length (MS-TDS, 2.2.6.4). */
const loginFields = { hostname: 36, user: 40, application: 48, server: 52, database: 68 } as const;
export type LoginFacts = { readonly [Field in keyof typeof loginFields]?: string };

/** Who logs in from where with what; undefined when the packet holds no log-in. */
export function readLogin(packet: Buffer): LoginFacts | undefined {
  const message = packet.subarray(headerBytes);
  if (message.length < 94) return undefined;
  const facts: Record<string, string> = {};
  for (const [field, at] of Object.entries(loginFields)) {
    const start = message.readUInt16LE(at);
    const end = start + 2 * message.readUInt16LE(at + 2);
    if (end > start && end <= message.length) facts[field] = wideText(message, start, end);
  }
  return facts;
}

/** Text of a batch behind its headers, whose length stands before them since version 7.2. */
export function readStatement(packet: Buffer): string {
  const message = packet.subarray(headerBytes);
  const headers = message.length >= 4 ? message.readUInt32LE(0) : 0;
  // Text begins with a letter of two bytes: as a length it would be longer than any packet.
  const start = headers >= 4 && headers < message.length ? headers : 0;
  return wideText(message, start, start + 2 * maxStatementLength);
}

/** Number and text of an ERROR token (MS-TDS, 2.2.7.10). */
export function readError(token: Buffer): { readonly error: number; readonly response: string } | undefined {
  if (token.length < 11) return undefined;
  const end = 11 + 2 * token.readUInt16LE(9);
  return { error: token.readUInt32LE(3), response: wideText(token, 11, Math.min(end, token.length)) };
}
