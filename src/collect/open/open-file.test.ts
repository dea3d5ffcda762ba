import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, gzipSync, zstdCompressSync, crc32 } from 'node:zlib';
import tar from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../base/problem.ts';
import { readContent } from './content.ts';
import { defaultOpenLimits, type OpenLimits } from './limits.ts';
import { openFile } from './open-file.ts';
import { walkEvidence, walkFollowed } from './walk.ts';

let folder: string;
let spoolFolder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-open-'));
  spoolFolder = join(folder, 'spool');
  mkdirSync(spoolFolder);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function open(bytes: Uint8Array, limits: Partial<OpenLimits> = {}) {
  const path = join(folder, 'evidence');
  writeFileSync(path, bytes);
  const all = { ...defaultOpenLimits, ...limits };
  const contents: Record<string, string> = {};
  const problems: Problem[] = [];
  for await (const result of openFile(path, { limits: all, spoolFolder })) {
    if ('problem' in result) {
      problems.push(result.problem);
      continue;
    }
    const { leaf } = result;
    const parts: Uint8Array[] = [];
    for await (const chunk of readContent(leaf.diskPath, leaf.compression, all, (problem) => problems.push(problem))) {
      parts.push(chunk);
    }
    contents[leaf.path.slice(path.length)] = Buffer.concat(parts).toString('latin1').slice(0, 100);
  }
  expect(readdirSync(spoolFolder)).toEqual([]);
  return { contents, problems, codes: problems.map((problem) => problem.code) };
}

async function tarOf(members: Record<string, string | Buffer>): Promise<Buffer> {
  const pack = tar.pack();
  for (const [name, content] of Object.entries(members)) pack.entry({ name }, content as string);
  pack.finalize();
  const parts: Buffer[] = [];
  for await (const part of pack) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** A small zip writer (APPNOTE 4.3): enough to make members, also with names and flags that no tool would write. */
function zipOf(members: Record<string, string | Buffer>, flags = 0): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(members)) {
    const content = Buffer.from(text);
    const data = deflateRawSync(content);
    const nameBytes = Buffer.from(name);
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(8, 4);
    shared.writeUInt32LE(crc32(content), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(content.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, nameBytes, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), Buffer.from([20, 0]), shared, tail, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(central.length, 4);
  end.writeUInt16LE(central.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end]);
}

describe('openFile', () => {
  it('gives a plain file as it is', async () => {
    expect(await open(Buffer.from('hello\n'))).toMatchObject({ contents: { '': 'hello\n' }, codes: [] });
  });

  it('frees gzip and zstd, also several of them one after another', async () => {
    expect((await open(gzipSync('hello'))).contents).toEqual({ '': 'hello' });
    expect((await open(Buffer.concat([gzipSync('hel'), gzipSync('lo')]))).contents).toEqual({ '': 'hello' });
    expect((await open(zstdCompressSync('hello'))).contents).toEqual({ '': 'hello' });
    expect((await open(Buffer.concat([zstdCompressSync('hel'), zstdCompressSync('lo')]))).contents).toEqual({
      '': 'hello',
    });
  });

  describe.each(['xz', 'bzip2'])('%s, which the program of that name frees', (program) => {
    const pack = (content: Uint8Array | string): Buffer => spawnSync(program, ['-c'], { input: content }).stdout;

    it.skipIf(spawnSync(program, ['--version'], { input: '' }).status !== 0)('is read as gzip is', async () => {
      expect(await open(pack('hello'))).toMatchObject({ contents: { '': 'hello' }, codes: [] });
      expect((await open(Buffer.concat([pack('hel'), pack('lo')]))).contents).toEqual({ '': 'hello' });
      expect((await open(pack(''))).contents).toEqual({ '': '' });
      const inner = await tarOf({ 'a.log': 'A', 'b.log.packed': pack('B') });
      expect((await open(pack(inner))).contents).toEqual({ '!a.log': 'A', '!b.log.packed': 'B' });
    });

    it.skipIf(spawnSync(program, ['--version'], { input: '' }).status !== 0)('tells damage and bombs', async () => {
      const text = Array.from({ length: 20_000 }, (_none, index) => `line ${index * 7919}\n`).join('');
      const packed = pack(text);
      const cut = await open(packed.subarray(0, packed.length - 20));
      expect(cut.codes).toEqual(['decompress-failed']);
      const bomb = await open(pack(Buffer.alloc(30_000_000)), { suspiciousBytes: 1_000_000, suspiciousRatio: 300 });
      expect(bomb.codes).toEqual(['limit-reached']);
    });
  });

  it('walks through tar, tar.gz, zip and archives inside archives', async () => {
    const inner = await tarOf({ 'a.log': 'A', 'b.log.gz': gzipSync('B') });
    expect((await open(inner)).contents).toEqual({ '!a.log': 'A', '!b.log.gz': 'B' });
    expect((await open(gzipSync(inner))).contents).toEqual({ '!a.log': 'A', '!b.log.gz': 'B' });
    expect((await open(zipOf({ 'x/c.log': 'C', 'inner.tar': inner }))).contents).toEqual({
      '!x/c.log': 'C',
      '!inner.tar!a.log': 'A',
      '!inner.tar!b.log.gz': 'B',
    });
    expect((await open(gzipSync(zipOf({ c: 'C' })))).contents).toEqual({ '!c': 'C' });
  });

  it('keeps what came before the damage of a stream', async () => {
    const whole = gzipSync(Buffer.from('line\n'.repeat(100_000)), { level: 1 });
    const result = await open(whole.subarray(0, whole.length - 200));
    expect(result.contents['']?.startsWith('line\n')).toBe(true);
    expect(result.codes).toEqual(['decompress-failed']);
  });

  it('stops a bomb and says how far it came', async () => {
    const bomb = gzipSync(Buffer.alloc(30_000_000));
    const result = await open(bomb, { suspiciousBytes: 5_000_000 });
    expect(result.codes).toEqual(['limit-reached']);
    expect(result.problems[0]?.message).toMatch(/expands \d+ times and was stopped after/);
  });

  it('bounds depth, members and disk', async () => {
    const nested = await tarOf({ a: await tarOf({ b: await tarOf({ c: 'C' }) }) });
    expect((await open(nested, { depth: 2 })).codes).toEqual(['limit-reached']);
    const many = await tarOf(Object.fromEntries(Array.from({ length: 50 }, (_none, index) => [`m${index}`, 'x'])));
    const some = await open(many, { members: 10 });
    expect(Object.keys(some.contents)).toHaveLength(10);
    expect(some.codes).toEqual(['limit-reached']);
    expect((await open(await tarOf({ a: 'x'.repeat(1000), b: 'y' }), { spoolBytes: 500 })).codes).toContain(
      'limit-reached',
    );
  });

  it('uses names that point outside as labels only', async () => {
    for (const archive of [
      await tarOf({ '../../etc/cron.d/x': 'X', '/abs': 'Y' }),
      zipOf({ '../../etc/cron.d/x': 'X', '/abs': 'Y' }),
    ]) {
      const result = await open(archive);
      expect(Object.values(result.contents)).toEqual(['X', 'Y']);
      expect(result.codes).toEqual(['unsafe-path', 'unsafe-path']);
    }
  });

  it('tells encrypted members and formats it does not read', async () => {
    expect((await open(zipOf({ secret: 'S' }, 1))).codes).toEqual(['unsupported']);
    expect((await open(Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4]))).codes).toEqual(['unsupported']);
  });

  it('takes a text for what it is that only begins like bzip2', async () => {
    expect(await open(Buffer.from('BZhello\n'))).toMatchObject({ contents: { '': 'BZhello\n' }, codes: [] });
  });

  it('survives archives cut at every place', async () => {
    const archive = zipOf({ a: 'A', b: 'B' });
    for (let length = 1; length < archive.length; length += 3) {
      const { contents, codes } = await open(archive.subarray(0, length));
      expect(Object.keys(contents).length + codes.length).toBeGreaterThan(0);
    }
    const tape = await tarOf({ a: 'A', b: 'B' });
    for (let length = 1; length < tape.length; length += 100) {
      const { contents, codes } = await open(tape.subarray(0, length));
      expect(Object.keys(contents).length + codes.length).toBeGreaterThan(0);
    }
  });
});

describe('walkEvidence', () => {
  it('gives files in name order and follows no link inside a folder', () => {
    const root = join(folder, 'walk');
    mkdirSync(join(root, 'sub'), { recursive: true });
    writeFileSync(join(root, 'b'), '');
    writeFileSync(join(root, 'a'), '');
    writeFileSync(join(root, 'sub', 'c'), '');
    symlinkSync('/etc/passwd', join(root, 'link'));
    const found = [...walkEvidence([root, join(root, 'link'), join(root, 'none')])];
    const files = found.flatMap((entry) => ('file' in entry ? [entry.file] : []));
    const codes = found.flatMap((entry) => ('problem' in entry ? [entry.problem.code] : []));
    expect(files.map((file) => file.slice(root.length))).toEqual(['/a', '/b', '/sub/c', '/link']);
    expect(codes).toEqual(['unsafe-path', 'unreadable']);
  });

  it('tells of a named folder without a file, and of a named file without a byte', () => {
    const root = join(folder, 'bare');
    mkdirSync(join(root, 'sub', 'deeper'), { recursive: true });
    writeFileSync(join(folder, 'zero.log'), '');
    const told = (path: string): string[] =>
      [...walkEvidence([path])].flatMap((entry) => ('problem' in entry ? [entry.problem.message] : []));
    expect(told(root)).toEqual(['there is no file in the folder']);
    expect(told(join(folder, 'zero.log'))).toEqual(['the file is empty']);
    expect([...walkFollowed([root])]).toEqual([]);
    expect([...walkFollowed([join(folder, 'zero.log')])]).toEqual([{ file: join(folder, 'zero.log'), size: 0 }]);
    writeFileSync(join(root, 'sub', 'rotated.log'), '');
    expect(told(root)).toEqual([]);
  });
});
