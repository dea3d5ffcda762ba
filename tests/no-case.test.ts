import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const main = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'vakthund-no-case-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args], { encoding: 'utf8' });
}

describe('a case that nobody made', () => {
  it.each([['report'], ['evidence']])('is named as that by %s, and not made by asking', (...command) => {
    const place = join(folder, 'mistyped');
    const { status, stdout, stderr } = run(...command, '--case', place);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`there is no case in "${place}"`);
    expect(existsSync(place)).toBe(false);
  });
});
