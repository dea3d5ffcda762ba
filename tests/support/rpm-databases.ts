import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** `rpmdb.sqlite` with the given headers. */
export function sqliteOf(headers: readonly Buffer[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-rpm-'));
  try {
    const database = new DatabaseSync(join(folder, 'db'));
    database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
    for (const header of headers) database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(header);
    database.close();
    return readFileSync(join(folder, 'db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `Packages.db` of ndb. */
export function ndbOf(headers: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  const blobs: Buffer[] = [];
  let at = 4096;
  for (let slot = 2; slot < 256; slot++) slots.write('Slot', slot * 16, 'latin1');
  for (const [index, header] of headers.entries()) {
    const blob = Buffer.alloc(Math.ceil((16 + header.length + 12) / 16) * 16);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(index + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    slots.writeUInt32LE(index + 1, (index + 2) * 16 + 4);
    slots.writeUInt32LE(at / 16, (index + 2) * 16 + 8);
    blobs.push(blob);
    at += blob.length;
  }
  return Buffer.concat([slots, ...blobs]);
}

/** `Packages` of Berkeley DB in pages of 512 bytes: metadata, one hash page with the keys, and a chain for each header; the last header stands on the page itself. */
export function bdbOf(headers: readonly Buffer[], isLittle: boolean): Buffer {
  const uint16 = (bytes: Buffer, value: number, at: number) =>
    isLittle ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  const uint32 = (bytes: Buffer, value: number, at: number) =>
    isLittle ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
  const pages = [Buffer.alloc(512), Buffer.alloc(512)];
  const [meta = Buffer.alloc(0), hash = Buffer.alloc(0)] = pages;
  uint32(meta, 0x061561, 12);
  uint32(meta, 512, 20);
  hash[25] = 13;
  let free = 512;
  let count = 0;
  const put = (item: Buffer): void => {
    free -= item.length;
    item.copy(hash, free);
    uint16(hash, free, 26 + 2 * count++);
  };
  for (const [index, header] of headers.entries()) {
    const key = Buffer.alloc(5, 1);
    uint32(key, index + 1, 1);
    put(key);
    if (index === headers.length - 1) {
      put(Buffer.concat([Buffer.from([1]), header]));
      continue;
    }
    const pointer = Buffer.alloc(12);
    pointer[0] = 3;
    uint32(pointer, pages.length, 4);
    uint32(pointer, header.length, 8);
    put(pointer);
    for (let at = 0; at < header.length; at += 486) {
      const page = Buffer.alloc(512);
      const part = header.subarray(at, at + 486);
      page[25] = 7;
      uint16(page, part.length, 22);
      uint32(page, at + 486 < header.length ? pages.length + 1 : 0, 16);
      part.copy(page, 26);
      pages.push(page);
    }
  }
  uint16(hash, count, 20);
  uint32(meta, pages.length - 1, 32);
  return Buffer.concat(pages);
}
