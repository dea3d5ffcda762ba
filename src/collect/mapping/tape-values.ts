import { canonicalIp } from '../../base/ip.ts';
import type { Conversion } from '../../events/mapping.ts';
import type { JsonTape } from '../json-tape.ts';
import { tapeTypes } from '../tape-entries.ts';
import type { Value } from './convert.ts';
import { tapeIsoMicros } from './tape-time.ts';

/** Value of an entry from its bytes; undefined for forms that are not the common one, which the conversion itself knows. */
type FastValue = (tape: JsonTape, entry: number) => Value | undefined;

/**
 * The common forms of values, read without a text where none is needed, and without a change where nothing changes:
 * most names are lower case already. Gives what the conversion gives; undefined for conversions without such a form.
 */
export function fastValue(as: Conversion): FastValue | undefined {
  switch (as) {
    case 'text':
      return (tape, entry) => tape.text(entry);
    case 'lower':
    case 'name':
    case 'hostname':
      return (tape, entry) => (isSettled(tape, entry) ? tape.text(entry) : undefined);
    case 'hex':
      return hexOf;
    case 'integer':
      return (tape, entry) => (tape.type[entry] === tapeTypes.integer ? tape.numbers[entry] : undefined);
    case 'ip':
      return (tape, entry) => (isIpv4(tape, entry) ? tape.text(entry) : undefined);
    case 'iso':
      return tapeIsoMicros;
    case 'real':
    case 'boolean':
    case 'seconds':
    case 'interval':
    case 'list':
    case 'ips':
    case 'joined':
    case 'json':
      return undefined;
  }
}

const point = 46;
const colon = 58;
const zero = 48;

/** Values of the entries of a list, as `fastValue`. Nulls are not among them. */
export function fastList(as: Conversion): ((tape: JsonTape, entries: readonly number[]) => string[]) | undefined {
  if (as === 'list') return (tape, entries) => entries.map((entry) => tape.text(entry));
  if (as !== 'ips') return undefined;
  return (tape, entries) => {
    const found: string[] = [];
    for (const entry of entries) {
      const address = isIpv4(tape, entry) ? tape.text(entry) : canonicalIp(tape.text(entry));
      if (address !== undefined) found.push(address);
    }
    return found;
  };
}

/** Text that stays itself in lower case, as a name and as a host: no capitals, colons or final dot. */
export function isSettled({ bytes, start, end, type }: JsonTape, entry: number): boolean {
  if (type[entry] !== tapeTypes.string) return false;
  const to = end[entry] ?? 0;
  for (let at = start[entry] ?? 0; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte >= 65 && byte <= 90) || byte === colon || byte > 126) return false;
  }
  return bytes[to - 1] !== point;
}

const scratch = Buffer.alloc(256);

/** Hexadecimal digits, with colons or without, as fingerprints and hashes are written. */
function hexOf({ bytes, start, end, type }: JsonTape, entry: number): string | undefined {
  const from = start[entry] ?? 0;
  const to = end[entry] ?? 0;
  if (type[entry] !== tapeTypes.string || to - from > scratch.length) return undefined;
  let length = 0;
  for (let at = from; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === colon) continue;
    if (byte > 126) return undefined;
    scratch[length++] = byte >= 65 && byte <= 90 ? byte + 32 : byte;
  }
  return scratch.toString('latin1', 0, length);
}

/** True for a dotted quad as `parseIpv4` takes it. */
export function isIpv4({ bytes, start, end, type }: JsonTape, entry: number): boolean {
  if (type[entry] !== tapeTypes.string) return false;
  let octet = -1;
  let octets = 0;
  const to = end[entry] ?? 0;
  for (let at = start[entry] ?? 0; at < to; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === point) {
      if (octet < 0) return false;
      octets++;
      octet = -1;
      continue;
    }
    const digit = byte - zero;
    if (digit < 0 || digit > 9 || octet === 0) return false;
    octet = (octet < 0 ? 0 : octet) * 10 + digit;
    if (octet > 255) return false;
  }
  return octets === 3 && octet >= 0;
}
