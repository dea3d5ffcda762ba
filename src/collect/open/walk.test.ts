import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { walkEvidence } from './walk.ts';

const folder = mkdtempSync(join(tmpdir(), 'walk-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('tells files and folders whose names are no UTF-8, which it cannot open', () => {
  const named = (...bytes: number[]): Buffer => Buffer.concat([Buffer.from(`${folder}/a`), Buffer.from(bytes)]);
  writeFileSync(named(0xe9), 'x');
  mkdirSync(named(0xff, 0xfe));
  writeFileSync(`${folder}/\uFFFD`, 'its name is this character itself');
  const found = [...walkEvidence([folder])];
  expect(found.flatMap((one) => ('file' in one ? [one.file] : []))).toEqual([`${folder}/\uFFFD`]);
  expect(found.flatMap((one) => ('problem' in one ? [one.problem] : []))).toMatchObject([
    { code: 'unreadable', at: { path: `${folder}/a\uFFFD` } },
    { code: 'unreadable', at: { path: `${folder}/a\uFFFD\uFFFD` } },
  ]);
});
