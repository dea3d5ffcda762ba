import { maxSections, type Layout, type ReadAt, type Section } from './layout.ts';

const [magic32, magic64, magicFat] = [0xfe_ed_fa_ce, 0xfe_ed_fa_cf, 0xca_fe_ba_be];
const maxCommandBytes = 2 ** 20;

/** Sections of a Mach-O program (mach-o/loader.h), of the first one where several are put together. Undefined for what is none. */
export function readMachO(head: Buffer, read: ReadAt): Layout | undefined {
  if (head.readUInt32BE(0) !== magicFat) return readOne(0, head, read);
  // Java classes begin with the same four bytes, and have a version of at least 45 where the number of programs stands here.
  const count = head.readUInt32BE(4);
  const start = head.readUInt32BE(16);
  return count === 0 || count > 20 ? undefined : readOne(start, read(start, 32), read);
}

function readOne(start: number, head: Buffer, read: ReadAt): Layout | undefined {
  if (head.length < 32) return undefined;
  const isLittle = [magic32, magic64].includes(head.readUInt32LE(0));
  const word = (bytes: Buffer, at: number): number => (isLittle ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at));
  const magic = word(head, 0);
  if (magic !== magic32 && magic !== magic64) return undefined;
  const is64 = magic === magic64;
  const wide = (bytes: Buffer, at: number): number =>
    is64 ? Number(isLittle ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at)) : word(bytes, at);
  const headBytes = is64 ? 32 : 28;
  const commandBytes = Math.min(word(head, 20), maxCommandBytes);
  const commands = read(start + headBytes, commandBytes);
  const sections: Section[] = [];
  for (let at = 0; at + 8 <= commands.length;) {
    const [kind, bytes] = [word(commands, at), word(commands, at + 4)];
    const isSegment = kind === (is64 ? 0x19 : 0x01);
    if (bytes < 8) break;
    const count = isSegment ? word(commands, at + (is64 ? 64 : 48)) : 0;
    const entryBytes = is64 ? 80 : 68;
    for (let index = 0; index < count && sections.length < maxSections; index++) {
      const entry = at + (is64 ? 72 : 56) + index * entryBytes;
      if (entry + entryBytes > commands.length) break;
      sections.push({
        name: commands.toString('latin1', entry, entry + 16).replace(/\0.*$/s, ''),
        address: wide(commands, entry + 32),
        bytes: wide(commands, entry + (is64 ? 40 : 36)),
        offset: start + word(commands, entry + (is64 ? 48 : 40)),
      });
    }
    at += bytes;
  }
  return { format: 'mach-o', isLittle, sections, ...(commands.length < commandBytes ? { isDamaged: true } : {}) };
}
