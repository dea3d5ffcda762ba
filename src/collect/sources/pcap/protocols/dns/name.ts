import { Buffer } from 'node:buffer';
import type { Cursor } from '../../wire/cursor.ts';
import { wireText } from '../../wire/text.ts';

/** Room for the labels of one name and their dots: RFC 1035 allows 255 bytes, some servers send more. */
const maxNameBytes = 512;
const scratch = Buffer.alloc(maxNameBytes);

/** Names that were read last, by a hash of their bytes: the same few come over and over, and a text for each is what costs most. */
const knownNames = 1024;
const knownNameBytes = 64;
const knownBytes = Buffer.alloc(knownNames * knownNameBytes);
const knownTexts: string[] = Array.from({ length: knownNames }, () => '');
const hashBasis = 0x811c_9dc5 | 0;
const hashPrime = 0x0100_0193;

/**
 * The name at the cursor, in lower case, labels joined by dots, without the final one; the root is empty text. Compression
 * pointers must point backwards, so every chain of them ends. Undefined for a name that is cut, too long or points forward.
 */
export function readName(cursor: Cursor, allowLongLabels = false): string | undefined {
  const { bytes } = cursor;
  let at = cursor.position;
  let end = cursor.end;
  let resume = -1;
  begun.used = 0;
  begun.hash = hashBasis;
  begun.bits = 0;
  while (at < end) {
    const length = bytes[at] ?? 0;
    if (length === 0) {
      cursor.position = resume < 0 ? at + 1 : resume;
      return textOf(begun);
    }
    if (length >= 0xc0) {
      if (at + 2 > end) return undefined;
      const target = ((length & 0x3f) << 8) | (bytes[at + 1] ?? 0);
      if (target >= at) return undefined;
      if (resume < 0) resume = at + 2;
      // What is pointed at may not reach to the pointer itself: no chain can come back to it.
      end = at;
      at = target;
      continue;
    }
    if ((length > 63 && !allowLongLabels) || at + 1 + length > end || begun.used + length + 1 > maxNameBytes) {
      return undefined;
    }
    addLabel(bytes, at + 1, at + 1 + length);
    at += 1 + length;
  }
  return undefined;
}

const dot = 46;

/** The name that is being read: its bytes in `scratch`, each label with its dot; a hash of those without dots, and all their bits. */
const begun = { used: 0, hash: hashBasis, bits: 0 };

function addLabel(bytes: Uint8Array, start: number, end: number): void {
  let { used, hash, bits } = begun;
  for (let from = start; from < end; from++) {
    const byte = bytes[from] ?? 0;
    const lower = byte >= 65 && byte <= 90 ? byte + 32 : byte;
    scratch[used++] = lower;
    hash = Math.imul(hash ^ lower, hashPrime);
    bits |= byte;
  }
  scratch[used++] = dot;
  begun.used = used;
  begun.hash = hash;
  begun.bits = bits;
}

/** Without its last dot. */
function textOf({ used, hash, bits }: typeof begun): string {
  const length = used - 1;
  if (length <= 0) return '';
  if (bits >= 0x80) return wireText(scratch.subarray(0, length));
  if (length > knownNameBytes) return scratch.toString('latin1', 0, length);
  const slot = (hash ^ (hash >>> 15)) & (knownNames - 1);
  const known = knownTexts[slot] ?? '';
  const start = slot * knownNameBytes;
  if (known.length === length && isKnown(start, length)) return known;
  const text = scratch.toString('latin1', 0, length);
  knownTexts[slot] = text;
  scratch.copy(knownBytes, start, 0, length);
  return text;
}

function isKnown(start: number, length: number): boolean {
  for (let at = 0; at < length; at++) if (knownBytes[start + at] !== scratch[at]) return false;
  return true;
}

/**
 * A NetBIOS name from its first-level encoding (RFC 1001, 14.1): the fifteen characters without the blanks that fill them up.
 * Undefined when the first label is not such an encoding.
 */
export function decodeNetbiosName(name: string): string | undefined {
  const label = name.split('.', 1)[0] ?? '';
  if (!/^[a-p]{32}$/.test(label)) return undefined;
  let text = '';
  for (let index = 0; index < 30; index += 2) {
    text += String.fromCharCode(((label.charCodeAt(index) - 97) << 4) | (label.charCodeAt(index + 1) - 97));
  }
  return text.trimEnd();
}
