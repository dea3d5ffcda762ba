import type { ScapRecord } from '../record.ts';
import { addressText, isMapped, unmap } from '../state/addresses.ts';

const family = { unix: 1, ipv4: 2, ipv6: 10 } as const;

/** Text of a SOCKADDR parameter: `10.0.0.1:80`, a path, or `family 16`. */
export function addressOf(record: ScapRecord, index: number): string {
  const kind = record.byteAt(index, 0);
  if (kind === family.unix) return textAfter(record, index, 1);
  const size = sizeOf(kind);
  if (size === 0) return `family ${kind}`;
  if (record.lengthOf(index) !== 1 + size + 2) return `INVALID IPv${size === 4 ? 4 : 6}`;
  return `${addressText(raw(record, index, 1, size))}:${port(record, index, 1 + size)}`;
}

/** Text of a SOCKTUPLE parameter: both ends with `->` between them, or kernel addresses and path of a UNIX socket. */
export function tupleOf(record: ScapRecord, index: number): string {
  const kind = record.byteAt(index, 0);
  if (kind === family.unix) {
    if (record.lengthOf(index) <= 17) return 'INVALID UNIX';
    return `${pointer(record, index, 1)}->${pointer(record, index, 9)} ${textAfter(record, index, 17)}`;
  }
  const size = sizeOf(kind);
  if (size === 0) return `family ${kind}`;
  if (record.lengthOf(index) !== 1 + 2 * (size + 2)) return `INVALID IPv${size === 4 ? 4 : 6}`;
  let source = raw(record, index, 1, size);
  let destination = raw(record, index, 3 + size, size);
  if (isMapped(source) && isMapped(destination)) {
    source = unmap(source);
    destination = unmap(destination);
  }
  const ports = [port(record, index, 1 + size), port(record, index, 3 + 2 * size)];
  return `${addressText(source)}:${ports[0]}->${addressText(destination)}:${ports[1]}`;
}

function sizeOf(kind: number): 0 | 4 | 16 {
  if (kind === family.ipv4) return 4;
  return kind === family.ipv6 ? 16 : 0;
}

function raw(record: ScapRecord, index: number, from: number, size: number): string {
  const at = record.offsetOf(index) + from;
  return record.bytes.toString('latin1', at, at + size);
}

function port(record: ScapRecord, index: number, from: number): number {
  return record.view.getUint16(record.offsetOf(index) + from, record.littleEndian);
}

function pointer(record: ScapRecord, index: number, from: number): string {
  return record.view.getBigUint64(record.offsetOf(index) + from, record.littleEndian).toString(16);
}

function textAfter(record: ScapRecord, index: number, from: number): string {
  const data = record.data(index);
  const end = data.indexOf(0, from);
  return data.toString('utf8', from, end < 0 ? data.length : end);
}
