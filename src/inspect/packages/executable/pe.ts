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
  return { format: 'pe', isLittle: true, sections, ...(sections.length < count ? { isDamaged: true } : {}) };
}
