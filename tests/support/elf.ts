/** Header of a program for x86-64 as compilers write it, of 64 bytes (ELF, gABI), no sections. */
const header = `\u007FELF\u0002\u0001\u0001${'\0'.repeat(9)}\u0003\0>\0\u0001${'\0'.repeat(43)}`;

/** The content of a compiled program; the name tells one from another. */
export function elf(name: string): string {
  return `${header} ${name}`;
}
