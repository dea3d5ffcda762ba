import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { readIndicatorLists } from './indicator-lists.ts';

const folder = mkdtempSync(join(tmpdir(), 'lists-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

it('says what each list gave, by kind, and how much of it has expired', async () => {
  const plain = join(folder, 'campaign.txt');
  writeFileSync(plain, 'bad.example\nworse.example\n192.0.2.7\n');
  const table = join(folder, 'old.csv');
  writeFileSync(table, 'indicator,expires\n198.51.100.7,2020-01-01\n198.51.100.8,2999-01-01\n');
  const { lists } = await readIndicatorLists([plain, table], {
    limits: defaultOpenLimits,
    spoolFolder: folder,
    asOf: Date.parse('2026-11-27T00:00:00Z') * 1000,
    without: [],
  });
  expect(lists.map(({ entries, ...list }) => ({ ...list, entries: Object.fromEntries(entries) }))).toEqual([
    { name: 'campaign', format: 'plain', expired: 0, entries: { domain: 2, address: 1 } },
    { name: 'old', format: 'csv', expired: 1, entries: { address: 2 } },
  ]);
});
