import { maxSections, type Layout, type ReadAt } from './layout.ts';

/** Sections of a Windows program (PE format); undefined when it is one of DOS only. */
export function readPe(head: Buffer, read: ReadAt): Layout | undefined {
  const at = head.readUInt32LE(0x3c);
  const header = read(at, 24 + 240);
  if (header.length < 24 + 96 || header.readUInt32BE(0) !== 0x50_45_00_00) return undefined;
  const count = Math.min(header.readUInt16LE(6), maxSections);
  const optionalBytes = header.readUInt16LE(20);
  const is64 = header.readUInt16LE(24) === 0x02_0b;
  const base = is64 ? Number(header.readBigUInt64LE(24 + 24)) : header.readUInt32LE(24 + 28);
  const table = read(at + 24 + optionalBytes, count * 40);
  const sections = Array.from({ length: Math.floor(table.length / 40) }, (_none, index) => {
    const start = index * 40;
    const name = table.toString('latin1', start, start + 8).replace(/\0.*$/s, '');
    return {
      name,
      address: base + table.readUInt32LE(start + 12),
      bytes: table.readUInt32LE(start + 16),
      offset: table.readUInt32LE(start + 20),
    };
  });
  const directories = readDirectories(header, is64, optionalBytes);
  return {
    format: 'pe',
    isLittle: true,
    sections,
    pe: { base, directories },
    ...(sections.length < count ? { isDamaged: true } : {}),
  };
}

/** There are sixteen at most: their number is written, and they end with the optional header. */
function readDirectories(header: Buffer, is64: boolean, optionalBytes: number): number[] {
  const at = 24 + (is64 ? 112 : 96);
  const end = Math.min(24 + optionalBytes, header.length);
  const count = Math.min(header.readUInt32LE(at - 4), 16, Math.max(0, Math.floor((end - at) / 8)));
  return Array.from({ length: count }, (_none, index) => header.readUInt32LE(at + index * 8));
}
