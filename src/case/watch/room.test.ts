import { describe, expect, it } from 'vitest';
import { tmpdir } from 'node:os';
import { isNoRoom, Room } from './room.ts';

describe('room on the disk', () => {
  it('is what the system, DuckDB and quotas say is missing', () => {
    for (const text of [
      'ENOSPC: no space left on device, write',
      'TransactionContext Error: Failed to commit: Could not write file "/x/case.duckdb.wal": No space left on device [write]',
      'EDQUOT: disk quota exceeded, open',
    ]) {
      expect(isNoRoom(text)).toBe(true);
    }
    for (const text of ['', 'ENOENT: no such file or directory', 'Out of Memory Error: failed to allocate']) {
      expect(isNoRoom(text)).toBe(false);
    }
  });

  it('is missed once, and comes once', () => {
    const room = new Room(tmpdir());
    expect([room.isFull, room.hasCome()]).toEqual([false, false]);
    expect([room.hasFailed(), room.hasFailed(), room.isFull]).toEqual([true, false, true]);
    expect([room.hasCome(), room.hasCome(), room.isFull]).toEqual([true, false, false]);
  });

  it('is tried again where nobody can tell how much there is', () => {
    const room = new Room('/nonexistent/folder');
    room.hasFailed();
    expect(room.hasCome()).toBe(true);
  });
});
