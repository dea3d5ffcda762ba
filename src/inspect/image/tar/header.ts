import { microsPerSecond, type Micros } from '../../../base/time.ts';
import type { TreeEntryType } from '../../tree/tree.ts';

export const blockBytes = 512;

/** A part of a sparse file that is not zeros: where it stands in the file, and how long it is. Parts follow one another in the data. */
export interface SparsePart {
  readonly offset: number;
  readonly length: number;
}

/** One member of a tar. The reader fills the same object anew for each member: copy what you keep. */
export interface TarMember {
  name: string;
  /** `link`: another name of a file that came before. */
  type: TreeEntryType | 'link';
  mode: number;
  uid: number;
  gid: number;
  mtime: Micros;
  /** What a link says. */
  target: string;
  /** Bytes of the file, holes included. */
  size: number;
  /** Bytes that stand in the tar, and where the first of them is. */
  storedSize: number;
  offset: number;
  /** Of a sparse file; `in-data`: the list stands before the data (GNU's PAX format 1.0). */
  sparse: readonly SparsePart[] | 'in-data' | undefined;
  xattrs: ReadonlyMap<string, Buffer> | undefined;
}

export function emptyMember(): TarMember {
  return {
    name: '',
    type: 'file',
    mode: 0,
    uid: 0,
    gid: 0,
    mtime: 0,
    target: '',
    size: 0,
    storedSize: 0,
    offset: 0,
    sparse: undefined,
    xattrs: undefined,
  };
}

const zero = 48;
const space = 32;

/**
 * A number of a header: octal text, or base 256 with the highest bit set (GNU). Negative and damaged ones are 0; what no
 * number can hold exactly becomes the greatest that is.
 */
export function numberAt(block: Uint8Array, from: number, length: number): number {
  const first = block[from] ?? 0;
  if ((first & 0x80) !== 0) return base256(block, from, length, first);
  let value = 0;
  let at = from;
  const end = from + length;
  while (at < end && block[at] === space) at++;
  for (; at < end; at++) {
    const digit = (block[at] ?? 0) - zero;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

function base256(block: Uint8Array, from: number, length: number, first: number): number {
  if ((first & 0x40) !== 0) return 0;
  let value = first & 0x3f;
  for (let at = from + 1; at < from + length; at++) value = value * 256 + (block[at] ?? 0);
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

/** Text up to the first zero byte. */
export function textAt(block: Buffer, from: number, length: number): string {
  let end = from;
  while (end < from + length && block[end] !== 0) end++;
  return block.toString('utf8', from, end);
}

const checksumAt = 148;
const checksumEnd = 156;

/** The checksum holds: bytes added up, its own field as spaces, signed or unsigned (POSIX pax, ustar; old writers had signed bytes). */
export function isHeader(block: Uint8Array): boolean {
  let sum = 0;
  for (let at = 0; at < blockBytes; at++) sum += block[at] as number;
  for (let at = checksumAt; at < checksumEnd; at++) sum += space - (block[at] as number);
  const stored = numberAt(block, checksumAt, 8);
  return stored === sum || stored === sum - 256 * countHigh(block);
}

function countHigh(block: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < blockBytes; at++) {
    if ((block[at] as number) > 127 && (at < checksumAt || at >= checksumEnd)) count++;
  }
  return count;
}

export function isZero(bytes: Uint8Array, from = 0, end = bytes.length): boolean {
  for (let at = from; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** `ustar` names may be split: the prefix holds the first folders. GNU's magic (`ustar  `) has other fields there. */
export function nameOfHeader(block: Buffer): string {
  const name = textAt(block, 0, 100);
  const isPosix = block.toString('latin1', 257, 263) === 'ustar\0';
  if (!isPosix || block[345] === 0) return name;
  return `${textAt(block, 345, 155)}/${name}`;
}

const types: Readonly<Record<string, TarMember['type']>> = {
  '1': 'link',
  '2': 'symlink',
  '3': 'character',
  '4': 'block',
  '5': 'directory',
  '6': 'fifo',
};

/** Types that are not known are files (POSIX pax, typeflag); so are old ones, unless their name ends like a folder's. */
export function typeOf(flag: string, name: string): TarMember['type'] {
  if ((flag === '0' || flag === '\0') && name.endsWith('/')) return 'directory';
  return types[flag] ?? 'file';
}

export function secondsToMicros(seconds: number): Micros {
  return Math.min(seconds * microsPerSecond, Number.MAX_SAFE_INTEGER);
}
