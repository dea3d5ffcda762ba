import type { FirstBytes, Recognition } from '../../analyzer.ts';
import { isDtlsRecord } from './datagrams.ts';

/** A handshake record of version 3.0 to 3.4 that begins with a hello, from the side that speaks first; or a hello of SSL 2; or a datagram of DTLS. */
export function recognizeTls({ transport, orig, resp }: FirstBytes): Recognition {
  if (transport === 'udp') return isDtlsHello(orig.length > 0 ? orig : resp) ? 'match' : 'no';
  return side(orig.length > 0 ? orig : resp);
}

/** A record that holds a client hello. */
function isDtlsHello(bytes: Uint8Array): boolean {
  return isDtlsRecord(bytes) && bytes[0] === 22 && bytes[13] === 1;
}

function side(bytes: Uint8Array): Recognition {
  if (bytes.length === 0) return 'more';
  if (oldHelloLength(bytes) > 0) return 'match';
  const expected = [(byte: number) => byte === 22, (byte: number) => byte === 3, (byte: number) => byte <= 4];
  for (const [index, fits] of expected.entries()) {
    const byte = bytes[index];
    if (byte === undefined) return 'more';
    if (!fits(byte)) return 'no';
  }
  if (bytes.length < 9) return 'more';
  const type = bytes[5];
  const length = ((bytes[6] ?? 0) << 16) | ((bytes[7] ?? 0) << 8) | (bytes[8] ?? 0);
  return (type === 1 || type === 2) && length >= 38 && length < 65_536 ? 'match' : 'no';
}

/**
 * Length of a client hello of SSL 2, its header included, when the bytes begin with one (RFC 5246, E.2): a high bit, type 1, a version, and
 * lengths that fit together. 0 for anything else.
 */
export function oldHelloLength(bytes: Uint8Array): number {
  const word = (at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
  if (bytes.length < 11 || (word(0) & 0x8000) === 0 || bytes[2] !== 1) return 0;
  const length = word(0) & 0x7fff;
  const version = word(3);
  if (version !== 2 && (version < 0x300 || version > 0x303)) return 0;
  const parts = word(5) + word(7) + word(9);
  return length === 9 + parts && word(5) % 3 === 0 ? length + 2 : 0;
}
