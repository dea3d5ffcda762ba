import { bits, der, explicit, integer, octets, oid, sequence } from '../../src/base/der-writer.ts';

type Status = 'good' | 'revoked' | 'unknown';

/** What a server staples to its handshake (RFC 6960), without a signature that holds. */
export function ocspAnswer(
  singles: readonly (readonly [serial: number | Buffer, status: Status])[],
  ...version: Buffer[]
): Buffer {
  const now = der(0x18, Buffer.from('20260101000000Z'));
  const statuses = { good: der(0x80), revoked: der(0xa1, now), unknown: der(0x82) };
  const id = [sequence(oid('1.3.14.3.2.26')), octets(Buffer.alloc(20)), octets(Buffer.alloc(20))];
  const list = singles.map(([serial, status]) => sequence(sequence(...id, integer(serial)), statuses[status], now));
  const data = sequence(...version, der(0xa2, octets(Buffer.alloc(20))), now, sequence(...list));
  const basic = sequence(data, sequence(oid('1.2.840.10045.4.3.2')), bits(Buffer.alloc(4)));
  return sequence(der(0x0a, Buffer.of(0)), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octets(basic))));
}
