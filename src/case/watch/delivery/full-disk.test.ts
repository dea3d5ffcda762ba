import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DeliveryQueue } from './queue.ts';

let folder: string;
let file: string;
let queue: DeliveryQueue;
/** A device that has no room, in place of the file. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-full-'));
  file = join(folder, 'q.jsonl');
  queue = new DeliveryQueue(folder, 'q');
  rmSync(file);
  symlinkSync('/dev/full', file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeRoom(): void {
  rmSync(file);
  writeFileSync(file, '');
}

describe('a queue on a full disk', () => {
  it('holds messages in memory, and gives them in their order', () => {
    for (const text of ['"a"', '"b"', '"c"']) expect(queue.add(text)).toBe(true);
    expect([queue.peek(), queue.peek(9), queue.waitingBytes]).toEqual([['"a"'], ['"a"', '"b"', '"c"'], 12]);
    queue.shift(queue.peek(2));
    expect([queue.peek(9), queue.waitingBytes]).toEqual([['"c"'], 4]);
    queue.shift(['"c"']);
    expect([queue.peek(), queue.waitingBytes]).toEqual([[], 0]);
  });

  it('writes them down when there is room, also those that are being sent just then', () => {
    for (const text of ['"a"', '"b"']) queue.add(text);
    const sending = queue.peek();
    makeRoom();
    queue.add('"c"');
    expect(readFileSync(file, 'utf8')).toBe('"a"\n"b"\n"c"\n');
    queue.shift(sending);
    expect(queue.peek(9)).toEqual(['"b"', '"c"']);
    expect(new DeliveryQueue(folder, 'q').peek(9)).toEqual(['"b"', '"c"']);
  });

  it('refuses what memory has no place for', () => {
    const long = `"${'x'.repeat(500_000)}"`;
    const taken = Array.from({ length: 10 }, () => queue.add(long));
    expect(taken.filter(Boolean)).toHaveLength(8);
    expect(queue.refused).toBe(2);
  });
});
