import { readClientHello, type ClientHello } from '../sources/pcap/tls/client-hello.ts';
import { maxOpeningBytes, type OpeningReader } from './opening-reader.ts';

/** What a client begins with, once it may speak: a TLS hello, something else, the server's first word instead of its own, or its end. */
export type ClientOpening =
  | { readonly kind: 'tls'; readonly hello: ClientHello }
  /** `isOdd`: it begins as TLS does, and does not go on so. */
  | { readonly kind: 'plain'; readonly isOdd?: boolean }
  | { readonly kind: 'silent' }
  | { readonly kind: 'ended' };

const recordHeaderBytes = 5;
const handshakeRecord = 22;
const clientHelloType = 1;
/** RFC 8446, 5.1, with what older versions add. */
const maxRecordBytes = 16_384 + 2048;

/**
 * Looks at the beginning without taking it. A hello may be cut into several records (RFC 8446, 5.1) and packets. Who says nothing until
 * `serverSpoke` waits for the server to speak first, as in SSH and SMTP: no time that passes tells so much, since a client of TLS may be
 * slow, or wait on purpose.
 */
export async function readClientOpening(reader: OpeningReader, serverSpoke?: Promise<void>): Promise<ClientOpening> {
  if (!(await reader.has(1, serverSpoke))) return { kind: reader.hasEnded ? 'ended' : 'silent' };
  if (reader.bytes[0] !== handshakeRecord) return { kind: 'plain' };
  const message = Buffer.alloc(maxOpeningBytes);
  let held = 0;
  for (let at = 0; at < maxOpeningBytes;) {
    if (!(await reader.has(at + recordHeaderBytes))) return ended(reader);
    const length = reader.bytes.readUInt16BE(at + 3);
    const isHandshake = reader.bytes[at] === handshakeRecord && reader.bytes[at + 1] === 3;
    if (!isHandshake || length === 0 || length > maxRecordBytes) return oddOpening;
    const end = at + recordHeaderBytes + length;
    if (!(await reader.has(end))) return ended(reader);
    held += reader.bytes.copy(message, held, at + recordHeaderBytes, end);
    at = end;
    const wanted = held < 4 ? Number.POSITIVE_INFINITY : 4 + message.readUIntBE(1, 3);
    if (held < wanted) continue;
    const hello = message[0] === clientHelloType ? readClientHello(message.subarray(4, wanted)) : undefined;
    return hello === undefined ? oddOpening : { kind: 'tls', hello };
  }
  return oddOpening;
}

const oddOpening: ClientOpening = { kind: 'plain', isOdd: true };

function ended(reader: OpeningReader): ClientOpening {
  return reader.hasEnded ? { kind: 'ended' } : oddOpening;
}
