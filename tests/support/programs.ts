/** A section of a program, and where it is loaded. */
export interface ProgramSection {
  readonly name: string;
  readonly address?: number;
  readonly bytes: Buffer;
}

/** A little-endian ELF file of 64 bits with nothing but sections; without their table, each is a loaded segment. */
export function elfOf(sections: readonly ProgramSection[], hasSections = true): Buffer {
  const all = [{ name: '', bytes: Buffer.alloc(0) }, ...sections];
  const names = Buffer.from(`${all.map(({ name }) => name).join('\0')}\0.shstrtab\0`);
  const listed: readonly ProgramSection[] = [...all, { name: '.shstrtab', bytes: names }];
  const header = Buffer.alloc(64);
  header.write('\u007fELF\u0002\u0001\u0001', 0, 'latin1');
  const segmentBytes = 56 * sections.length;
  let at = 64 + segmentBytes;
  const places = listed.map(({ bytes }) => {
    at = Math.ceil(at / 16) * 16;
    const place = at;
    at += bytes.length;
    return place;
  });
  const table = Buffer.alloc(64 * listed.length);
  const segments = Buffer.alloc(segmentBytes);
  let nameAt = 0;
  for (const [index, { name, address = 0, bytes }] of listed.entries()) {
    const row = index * 64;
    table.writeUInt32LE(nameAt, row);
    table.writeUInt32LE(1, row + 4);
    table.writeBigUInt64LE(BigInt(address), row + 16);
    table.writeBigUInt64LE(BigInt(places[index] ?? 0), row + 24);
    table.writeBigUInt64LE(BigInt(bytes.length), row + 32);
    nameAt += name.length + 1;
    if (index === 0 || index > sections.length) continue;
    const segment = (index - 1) * 56;
    segments.writeUInt32LE(1, segment);
    segments.writeBigUInt64LE(BigInt(places[index] ?? 0), segment + 8);
    segments.writeBigUInt64LE(BigInt(address), segment + 16);
    segments.writeBigUInt64LE(BigInt(bytes.length), segment + 32);
  }
  const file = Buffer.alloc(at + table.length);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(sections.length, 56);
  if (hasSections) {
    header.writeBigUInt64LE(BigInt(at), 40);
    header.writeUInt16LE(64, 58);
    header.writeUInt16LE(listed.length, 60);
    header.writeUInt16LE(listed.length - 1, 62);
  }
  header.copy(file);
  segments.copy(file, 64);
  for (const [index, { bytes }] of listed.entries()) bytes.copy(file, places[index] ?? 0);
  table.copy(file, at);
  return file;
}

/** A Windows program of 64 bits that is loaded at 4 MiB; `directories` are relative addresses of data directories by their number. */
export function peOf(sections: readonly ProgramSection[], directories: Readonly<Record<number, number>> = {}): Buffer {
  const hasDirectories = Object.keys(directories).length > 0;
  const optionalBytes = hasDirectories ? 240 : 112;
  const header = Buffer.alloc(1024);
  header.write('MZ', 0, 'latin1');
  header.writeUInt32LE(128, 0x3c);
  header.write('PE\0\0', 128, 'latin1');
  header.writeUInt16LE(sections.length, 134);
  header.writeUInt16LE(optionalBytes, 148);
  header.writeUInt16LE(0x020b, 152);
  if (hasDirectories) header.writeUInt32LE(16, 152 + 108);
  for (const [number, address] of Object.entries(directories)) {
    header.writeUInt32LE(address, 152 + 112 + Number(number) * 8);
  }
  header.writeBigUInt64LE(0x40_0000n, 152 + 24);
  let at = header.length;
  for (const [index, { name, address = 0, bytes }] of sections.entries()) {
    const row = 128 + 24 + optionalBytes + index * 40;
    header.write(name, row, 'latin1');
    header.writeUInt32LE(address - 0x40_0000, row + 12);
    header.writeUInt32LE(bytes.length, row + 16);
    header.writeUInt32LE(at, row + 20);
    at += bytes.length;
  }
  return Buffer.concat([header, ...sections.map(({ bytes }) => bytes)]);
}

/** A Mach-O program of 64 bits with one segment. */
export function machOOf(sections: readonly ProgramSection[]): Buffer {
  const header = Buffer.alloc(32 + 72 + 80 * sections.length);
  header.writeUInt32LE(0xfeedfacf, 0);
  header.writeUInt32LE(1, 16);
  header.writeUInt32LE(header.length - 32, 20);
  header.writeUInt32LE(0x19, 32);
  header.writeUInt32LE(header.length - 32, 36);
  header.writeUInt32LE(sections.length, 32 + 64);
  let at = header.length;
  for (const [index, { name, address = 0, bytes }] of sections.entries()) {
    const row = 32 + 72 + index * 80;
    header.write(name, row, 'latin1');
    header.writeBigUInt64LE(BigInt(address), row + 32);
    header.writeBigUInt64LE(BigInt(bytes.length), row + 40);
    header.writeUInt32LE(at, row + 48);
    at += bytes.length;
  }
  return Buffer.concat([header, ...sections.map(({ bytes }) => bytes)]);
}

/** What Go writes into a program, in the form of 1.18 and later. */
export function goBuildInfo(version: string, modules: string): Buffer {
  const head = Buffer.alloc(32);
  head.write('\u00ff Go buildinf:', 0, 'latin1');
  head[14] = 8;
  head[15] = 2;
  return Buffer.concat([head, withLength(Buffer.from(version)), withLength(marked(modules))]);
}

/** The older form: pointers, at the address of the section, to what follows it. */
export function goBuildInfoByPointers(version: string, modules: string, address: number): Buffer {
  const texts = [Buffer.from(version), marked(modules)];
  const bytes = Buffer.alloc(64 + texts.reduce((sum, text) => sum + text.length, 0));
  bytes.write('\u00ff Go buildinf:', 0, 'latin1');
  bytes[14] = 8;
  let at = 64;
  for (const [index, text] of texts.entries()) {
    bytes.writeBigUInt64LE(BigInt(address + 32 + index * 16), 16 + index * 8);
    bytes.writeBigUInt64LE(BigInt(address + at), 32 + index * 16);
    bytes.writeBigUInt64LE(BigInt(text.length), 40 + index * 16);
    text.copy(bytes, at);
    at += text.length;
  }
  return bytes;
}

function marked(modules: string): Buffer {
  return Buffer.concat([Buffer.alloc(16, 0xaa), Buffer.from(modules), Buffer.alloc(16, 0xbb)]);
}

function withLength(bytes: Buffer): Buffer {
  const length: number[] = [];
  for (let rest = bytes.length; ; rest >>>= 7) {
    length.push(rest >= 0x80 ? (rest & 0x7f) | 0x80 : rest);
    if (rest < 0x80) break;
  }
  return Buffer.concat([Buffer.from(length), bytes]);
}
