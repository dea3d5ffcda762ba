import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { chunkOf, logOf } from '../../tests/support/evtx/log.ts';
import { eventTemplate, namedData, systemValues } from '../../tests/support/evtx/templates.ts';
import { text } from '../../tests/support/evtx/values.ts';
import { readRecords } from './records.ts';

const folder = mkdtempSync(join(tmpdir(), 'vakthund-records-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a record that is shown', () => {
  it('is the line as it stands', async () => {
    const path = join(folder, 'x.log');
    writeFileSync(path, 'one\ntwo\nthree\n');
    expect((await readRecords(path, 'zeek', { first: 2, last: 3 })).lines).toEqual(['two', 'three']);
  });

  it('is what was made of it where the format is binary', async () => {
    const path = join(folder, 'x.evtx');
    const template = eventTemplate('Somebody', [namedData('What')]);
    const time = Date.parse('2026-03-10T00:00:00Z') * 1000;
    const records = ['a', 'b', 'c'].map((word) => ({ template, values: [...systemValues(4, time), text(word)] }));
    writeFileSync(path, logOf(chunkOf(records)));
    const { lines } = await readRecords(path, 'evtx', { first: 2, last: 2 });
    expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { kind: 'log', time: '2026-03-10T00:00:00.000000Z', evidence_at: 2, fields: { EventID: 4, What: 'b' } },
    ]);
  });
});
