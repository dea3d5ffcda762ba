import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ReceivedFiles } from './received-files.ts';

it('refuses what a full disk has no place for, and keeps each line that it takes whole', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-received-'));
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'none', folder]).status === 0;
  try {
    const files = new ReceivedFiles(folder, () => Date.UTC(2026, 0, 2));
    expect(files.write('falco', ['{"a":1}'])).toBe(true);
    if (isMounted) writeFileSync(join(folder, 'rest'), Buffer.alloc(58_000));
    const long = JSON.stringify({ text: 'x'.repeat(20_000) });
    expect(files.write('falco', [long])).toBe(!isMounted);
    if (isMounted) rmSync(join(folder, 'rest'));
    expect(files.write('falco', ['{"b":2}'])).toBe(true);
    const lines = readFileSync(join(folder, 'falco-2026-01-02.jsonl'), 'utf8').trim().split('\n');
    expect(lines).toEqual(isMounted ? ['{"a":1}', '{"b":2}'] : ['{"a":1}', long, '{"b":2}']);
  } finally {
    if (isMounted) spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  }
});
