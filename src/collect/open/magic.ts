export type ContainerType = 'gzip' | 'zstd' | 'zip' | 'tar' | 'xz' | 'bzip2' | '7z' | 'rar' | 'utf16' | undefined;

const signatures: readonly (readonly [Exclude<ContainerType, undefined>, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 0x08]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['zip', [0x50, 0x4b, 0x05, 0x06]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
  ['rar', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
];

/** Tells a container by its first bytes (512 are enough), never by its name. */
export function containerType(head: Uint8Array): ContainerType {
  for (const [type, signature] of signatures) {
    if (signature.every((byte, index) => head[index] === byte)) return type;
  }
  if (isBzip2(head)) return 'bzip2';
  if (isTar(head)) return 'tar';
  return isUtf16(head) ? 'utf16' : undefined;
}

/**
 * Text in UTF-16 behind its mark, as PowerShell and the Event Viewer write it. The mark alone proves nothing: what follows
 * must have no control characters.
 */
function isUtf16(head: Uint8Array): boolean {
  const isLittle = head[0] === 0xff && head[1] === 0xfe;
  const isBig = head[0] === 0xfe && head[1] === 0xff;
  if ((!isLittle && !isBig) || head.length < 4) return false;
  for (let at = 2; at + 1 < head.length; at += 2) {
    const unit = ((head[isLittle ? at + 1 : at] ?? 0) << 8) | (head[isLittle ? at : at + 1] ?? 0);
    const isControl = unit < 0x20 && unit !== 0x09 && unit !== 0x0a && unit !== 0x0d;
    if (isControl || unit >= 0xfffe) return false;
  }
  return true;
}

/** What begins a block of bzip2, or ends a stream that has none. */
const bzip2Marks = ['314159265359', '177245385090'];

/** `BZh`, a digit and one of the marks: a text may well begin with the letters alone. */
function isBzip2(head: Uint8Array): boolean {
  const start = Buffer.from(head.subarray(0, 10));
  return /^BZh[1-9]/.test(start.toString('latin1')) && bzip2Marks.includes(start.toString('hex', 4));
}

/** POSIX and GNU tar carry `ustar` at 257; older ones are told by the header's checksum. */
function isTar(head: Uint8Array): boolean {
  if (head.length < 512) return false;
  const text = (from: number, to: number): string => Buffer.from(head.subarray(from, to)).toString('latin1');
  const field = /^\s*(?<octal>[0-7]{1,7})[\0 ]/.exec(text(148, 156))?.groups?.['octal'];
  if (field === undefined) return false;
  let sum = 0;
  for (let index = 0; index < 512; index++) sum += index >= 148 && index < 156 ? 32 : (head[index] ?? 0);
  return sum === Number.parseInt(field, 8);
}
