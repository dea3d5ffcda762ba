import { peOf } from './programs.ts';

/** A library of Windows with a version resource of these texts; an assembly of .NET has a header for its runtime too. */
export function libraryOf(texts: Readonly<Record<string, string>>, isAssembly: boolean): Buffer {
  const address = 0x1000;
  const block = versionBlock(texts);
  // Three directories of one entry each, by type 16, then where the block stands.
  const tree = Buffer.alloc(3 * 24 + 16);
  for (const [level, id] of [16, 1, 1033].entries()) {
    tree.writeUInt16LE(1, level * 24 + 14);
    tree.writeUInt32LE(id, level * 24 + 16);
    tree.writeUInt32LE((level + 1) * 24 + (level < 2 ? 0x80_00_00_00 : 0), level * 24 + 20);
  }
  tree.writeUInt32LE(address + tree.length, 72);
  tree.writeUInt32LE(block.length, 76);
  return peOf([{ name: '.rsrc', address: 0x40_0000 + address, bytes: Buffer.concat([tree, block]) }], {
    2: address,
    ...(isAssembly ? { 14: 0x2000 } : {}),
  });
}

/** VS_VERSIONINFO with a fixed part of version 9.8.7.6 and one table of texts. */
function versionBlock(texts: Readonly<Record<string, string>>): Buffer {
  const fixed = Buffer.alloc(52);
  fixed.writeUInt32LE(0xfe_ef_04_bd, 0);
  fixed.writeUInt32LE(0x0009_0008, 8);
  fixed.writeUInt32LE(0x0007_0006, 12);
  const strings = Object.entries(texts).map(([key, value]) => {
    const text = Buffer.from(`${value}\0`, 'utf16le');
    return part(key, text, text.length / 2, 1);
  });
  const table = part('000004b0', Buffer.concat(strings), 0, 1);
  return part('VS_VERSION_INFO', Buffer.concat([fixed, part('StringFileInfo', table, 0, 1)]), fixed.length, 0);
}

/** Length, length of the value, kind, key, and what follows from a multiple of four on; filled up to one. */
function part(key: string, content: Buffer, valueLength: number, kind: 0 | 1): Buffer {
  const head = Buffer.alloc(6);
  const name = Buffer.from(`${key}\0`, 'utf16le');
  const body = Buffer.concat([head, name, Buffer.alloc((4 - ((6 + name.length) % 4)) % 4), content]);
  body.writeUInt16LE(body.length, 0);
  body.writeUInt16LE(valueLength, 2);
  body.writeUInt16LE(kind, 4);
  return Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
}
