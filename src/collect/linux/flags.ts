/** Names of bits, lowest first where that matters for reading. */
export type FlagTable = readonly (readonly [bits: number, name: string])[];

/** Names of the bits that are set, joined by `|`; what no name stands for follows in hexadecimal. Empty for 0. */
export function flagNames(value: number, table: FlagTable): string {
  let rest = value;
  const names: string[] = [];
  for (const [bits, name] of table) {
    if ((rest & bits) >>> 0 !== bits) continue;
    names.push(name);
    rest = (rest & ~bits) >>> 0;
  }
  if (rest !== 0) names.push(`0x${rest.toString(16)}`);
  return names.join('|');
}

const accessModes = ['O_RDONLY', 'O_WRONLY', 'O_RDWR', 'O_ACCMODE'] as const;

/** open(2) on x86, ARM and the generic table (asm-generic/fcntl.h). */
const openBits: FlagTable = [
  [0x40, 'O_CREAT'],
  [0x80, 'O_EXCL'],
  [0x100, 'O_NOCTTY'],
  [0x200, 'O_TRUNC'],
  [0x400, 'O_APPEND'],
  [0x800, 'O_NONBLOCK'],
  [0x101000, 'O_SYNC'],
  [0x1000, 'O_DSYNC'],
  [0x2000, 'O_ASYNC'],
  [0x4000, 'O_DIRECT'],
  [0x8000, 'O_LARGEFILE'],
  [0x10000, 'O_DIRECTORY'],
  [0x20000, 'O_NOFOLLOW'],
  [0x40000, 'O_NOATIME'],
  [0x80000, 'O_CLOEXEC'],
  [0x200000, 'O_PATH'],
  [0x400000, '__O_TMPFILE'],
];

export const openFlag = { write: 1, readWrite: 2, create: 0x40, truncate: 0x200, path: 0x200000, temporary: 0x400000 };

export function openFlagNames(value: number): string {
  const rest = flagNames((value & ~3) >>> 0, openBits);
  const mode = accessModes[value & 3] ?? '';
  return rest === '' ? mode : `${mode}|${rest}`;
}
