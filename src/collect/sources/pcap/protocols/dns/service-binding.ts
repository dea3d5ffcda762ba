import { formatIp } from '../../../../../base/ip.ts';
import { Cursor } from '../../wire/cursor.ts';
import { hexText, ipv4Text, wireText } from '../../wire/text.ts';
import { readName } from './name.ts';

/** Parameters that a record may carry; RFC 9460 registers seven. */
const maxParameters = 32;

/**
 * `HTTPS 1 . alpn=h3,h2 port=8443`: priority, target and parameters in presentation form (RFC 9460, 2.1). The public key list of
 * `ech` is told by its length only: it is long and says nothing to a reader.
 */
export function serviceBindingText(label: string, cursor: Cursor, end: number): string | undefined {
  const priority = cursor.u16();
  const target = readName(cursor);
  if (target === undefined || cursor.position > end) return undefined;
  const parts = [`${label} ${priority} ${target === '' ? '.' : target}`];
  while (cursor.position + 4 <= end && parts.length <= maxParameters) {
    const key = cursor.u16();
    const value = cursor.take(Math.min(cursor.u16(), end - cursor.position));
    parts.push(parameterText(key, value));
  }
  return parts.join(' ');
}

function parameterText(key: number, value: Uint8Array): string {
  const cursor = new Cursor(value);
  switch (key) {
    case 1:
      return `alpn=${listOf(cursor, () => wireText(cursor.vector(1)))}`;
    case 2:
      return 'no-default-alpn';
    case 3:
      return `port=${cursor.u16()}`;
    case 4:
      return `ipv4hint=${listOf(cursor, () => ipv4Text(cursor.take(4)))}`;
    case 5:
      return `ech=${value.length} bytes`;
    case 6:
      return `ipv6hint=${listOf(cursor, () => formatIp(BigInt(`0x${hexText(cursor.take(16))}`)))}`;
    default:
      return `key${key}=${hexText(value)}`;
  }
}

/** Entries up to the end; a value has at most 64 KB, and every entry takes at least one byte of it. */
function listOf(cursor: Cursor, next: () => string): string {
  const entries: string[] = [];
  while (cursor.left > 0) entries.push(next());
  return entries.join(',');
}
