import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync, zstdCompressSync } from 'node:zlib';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { zipOf } from '../../../../tests/support/zip.ts';
import { openFeeds } from './open-feed.ts';
import type { Opened } from './unpack-file.ts';
import { zipMembers } from './zip-members.ts';
import { zipMembersInThread } from './zip-reader.ts';

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
    writeFileSync(join(folder, 'all.zip'), zipOf({ 'GHSA-1.json': '{}' }, false));
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

  it('that are members of a ZIP archive are read one by one, and each that is damaged is told by itself', async () => {
    const large = 'large '.repeat(400_000);
    const bytes = zipOf({ 'a.json': 'one', 'b.json': 'two', 'c.json.gz': gzipSync('three'), 'd.json': large });
    const whole = join(folder, 'whole.zip');
    writeFileSync(whole, bytes);
    expect(await open(whole)).toEqual([
      '/whole.zip!a.json one',
      '/whole.zip!b.json two',
      '/whole.zip!c.json.gz three',
      `/whole.zip!d.json ${large}`,
    ]);
    const second = bytes.indexOf('b.json') - 30;
    const changed = (at: number, value: number): Buffer => {
      const copy = Buffer.from(bytes);
      copy[at] = value;
      return copy;
    };
    const directory = bytes.indexOf('b.json', second + 60) - 46;
    const damages = {
      content: changed(second + 37, 0xff),
      checksum: changed(directory + 16, 1),
      size: changed(directory + 24, 9),
      method: changed(directory + 10, 12),
      encrypted: changed(directory + 8, 1),
      place: changed(directory + 42, 3),
    };
    for (const [name, damaged] of Object.entries(damages)) {
      const path = join(folder, `${name}.zip`);
      writeFileSync(path, damaged);
      const found = await open(path);
      expect(found.slice(0, 3)).toEqual([
        `/${name}.zip!a.json one`,
        `decompress-failed /${name}.zip!b.json`,
        `/${name}.zip!c.json.gz three`,
      ]);
    }
  });

  it('that say to be small and are not are given up', async () => {
    const bytes = zipOf({ 'bomb.json': Buffer.alloc(50_000_000) });
    const directory = bytes.lastIndexOf('bomb.json') - 46;
    bytes.writeUInt32LE(1000, directory + 24);
    writeFileSync(join(folder, 'bomb.zip'), bytes);
    expect(await open(join(folder, 'bomb.zip'))).toEqual(['decompress-failed /bomb.zip!bomb.json']);
  });
});

describe('an archive that is unpacked in a thread', () => {
  async function all(members: AsyncIterable<Opened>): Promise<string[]> {
    const found: string[] = [];
    for await (const opened of members) found.push(textOf(opened));
    return found;
  }

  it('gives what it gives without one: many members, large ones, compressed ones and damaged ones, in their order', async () => {
    const members: Record<string, string | Buffer> = {};
    for (let index = 0; index < 6000; index++) {
      members[`r/${index}.json`] = `{"id":"A-${index}","x":"${'y'.repeat(index % 900)}"}`;
    }
    members['large.json'] = 'z'.repeat(5_000_000);
    members['empty.json'] = '';
    members['b.json.gz'] = gzipSync('inner');
    const path = join(folder, 'all.zip');
    const bytes = zipOf(members, true);
    // What is damaged leaves the others.
    const inside = bytes.indexOf('r/17.json') + 12;
    bytes[inside] = 0xff ^ (bytes[inside] ?? 0);
    writeFileSync(path, bytes);
    const alone = await all(zipMembers(path));
    expect(alone).toHaveLength(6003);
    expect(alone.filter((text) => text.startsWith('decompress-failed'))).toHaveLength(1);
    expect(await all(zipMembersInThread(path))).toEqual(alone);
  });

  it('is told to be none, and may be left before its end', async () => {
    const path = join(folder, 'c.zip');
    writeFileSync(path, 'no zip');
    await expect(all(zipMembersInThread(path))).rejects.toThrow(/./);
    writeFileSync(path, zipOf({ a: '1', b: '2' }, false));
    for await (const opened of zipMembersInThread(path)) {
      expect(textOf(opened)).toBe('/c.zip!a 1');
      break;
    }
  });
});
