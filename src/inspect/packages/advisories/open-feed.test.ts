import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFeeds, type Opened } from './open-feed.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-feeds-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function open(path: string): Promise<string[]> {
  const found: string[] = [];
  for await (const opened of openFeeds(path)) found.push(textOf(opened));
  return found;
}

function textOf(opened: Opened): string {
  if ('problem' in opened) return `${opened.problem.code} ${opened.problem.at.path?.slice(folder.length) ?? ''}`;
  return `${opened.path.slice(folder.length)} ${opened.bytes.toString()}`;
}

/** A ZIP archive of one stored member, written by hand (APPNOTE 4.3). */
function zipOf(name: string, content: string): Buffer {
  const [names, bytes] = [Buffer.from(name), Buffer.from(content)];
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(bytes.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(names.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, names, bytes]);
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0000'), common, Buffer.alloc(14), names]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\u0005\u0006'), end]);
}

function crc32(bytes: Buffer): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

describe('files of advisories', () => {
  it('are found in folders, in order, hidden ones left out, and opened from compression', async () => {
    mkdirSync(join(folder, 'b'));
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, 'b/one.json.gz'), gzipSync('one'));
    writeFileSync(join(folder, 'a.json.zst'), zstdCompressSync('two'));
    writeFileSync(join(folder, '.git/three'), 'three');
    expect(await open(folder)).toEqual(['/a.json.zst two', '/b/one.json.gz one']);
  });

  it('are found in archives, whose members may be compressed again', async () => {
    const pack = tar.pack();
    pack.entry({ name: 'crates/a.md' }, 'advisory');
    pack.entry({ name: 'crates/b.json.gz' }, gzipSync('inner'));
    pack.finalize();
    await pipeline(pack, createGzip(), createWriteStream(join(folder, 'all.tar.gz')));
    expect(await open(join(folder, 'all.tar.gz'))).toEqual([
      '/all.tar.gz!crates/a.md advisory',
      '/all.tar.gz!crates/b.json.gz inner',
    ]);
    writeFileSync(join(folder, 'all.zip'), zipOf('GHSA-1.json', '{}'));
    expect(await open(join(folder, 'all.zip'))).toEqual(['/all.zip!GHSA-1.json {}']);
  });

  it('that are damaged are told, and the others are read', async () => {
    writeFileSync(join(folder, 'a.gz'), gzipSync('x'.repeat(10_000)).subarray(0, 20));
    writeFileSync(join(folder, 'b.tar'), 'no tar at all, but long enough to look like a header '.repeat(20));
    writeFileSync(join(folder, 'c.zip'), 'no zip');
    writeFileSync(join(folder, 'd.json'), 'good');
    expect(await open(folder)).toEqual([
      'decompress-failed /a.gz',
      'unreadable /b.tar',
      'unreadable /c.zip',
      '/d.json good',
    ]);
    expect(await open(join(folder, 'nowhere'))).toEqual(['unreadable /nowhere']);
  });
});
