import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPieces } from './content.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-content-'));
  path = join(folder, 'file');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(startByte?: number, endByte?: number): Promise<Buffer> {
  const copies: Buffer[] = [];
  for await (const piece of readPieces(path, startByte, endByte)) copies.push(Buffer.from(piece));
  return Buffer.concat(copies);
}

describe('readPieces', () => {
  it('gives the bytes of a file between two offsets, however many pieces they take', async () => {
    const whole = Buffer.from(Uint32Array.from({ length: 800_000 }, (_none, index) => index).buffer);
    writeFileSync(path, whole);
    expect((await read()).equals(whole)).toBe(true);
    expect((await read(1_048_577)).equals(whole.subarray(1_048_577))).toBe(true);
    expect((await read(5, 2_500_001)).equals(whole.subarray(5, 2_500_001))).toBe(true);
    expect((await read(7, 7)).length).toBe(0);
    expect((await read(whole.length + 1)).length).toBe(0);
  });

  it('uses the same memory again for the piece after the next', async () => {
    writeFileSync(path, Buffer.alloc(3 * 1_048_576, 'a'));
    const memories = new Set<ArrayBufferLike>();
    for await (const piece of readPieces(path)) memories.add(piece.buffer);
    expect(memories.size).toBe(2);
  });

  it('leaves a file alone whose reader stops early, and fails for one that is not there', async () => {
    writeFileSync(path, Buffer.alloc(3 * 1_048_576, 'a'));
    for await (const piece of readPieces(path)) {
      expect(piece.length).toBe(1_048_576);
      break;
    }
    appendFileSync(path, 'b');
    expect((await read(3 * 1_048_576)).toString()).toBe('b');
    rmSync(path);
    await expect(read()).rejects.toThrow('ENOENT');
  });

  it('fails at the piece that cannot be read, also when that is asked for late', async () => {
    // The memory of this process: what is mapped can be read, and a gap behind it cannot.
    const ranges = readFileSync('/proc/self/maps', 'utf8').matchAll(/^([0-9a-f]+)-([0-9a-f]+) (r)?/gm);
    const all = [...ranges].map(([, from = '', to = '', readable]) => ({
      from: Number(`0x${from}`),
      to: Number(`0x${to}`),
      isReadable: readable === 'r',
    }));
    const before = all.find(({ to, isReadable }, index) => isReadable && (all[index + 1]?.from ?? to) > to);
    const lengths: number[] = [];
    const reading = (async () => {
      for await (const piece of readPieces('/proc/self/mem', (before?.to ?? 0) - 4096)) {
        lengths.push(piece.length);
        await sleep(50);
      }
    })();
    await expect(reading).rejects.toThrow('EIO');
    expect(lengths).toEqual([4096]);
  });

  it('reads files of the kernel, which have no size', async () => {
    path = '/proc/self/status';
    expect((await read()).toString()).toContain('Pid:');
  });
});
