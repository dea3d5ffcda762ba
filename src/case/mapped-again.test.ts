import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gzipSync } from 'node:zlib';
import { silentLogger } from '../base/logger.ts';
import { openLocalCase } from './local-case.ts';
import { defaultCaseSettings } from './case-settings.ts';
import type { CaseService, Verdict } from './service.ts';

const line = (n: number): string =>
  JSON.stringify({ ts: `2026-03-01T10:00:0${n}Z`, client: '10.0.0.5', server: `203.0.113.${n}`, size: n });
const log = `${[1, 2, 3].map(line).join('\n')}\n`;
const mapping = (bytes: string, keys = '[client, server]'): string => `id: shop
recognise: {keys: ${keys}}
kind: flow
fields:
  time: ts
  source_ip: client
  destination_ip: server
  ${bytes}: size
`;

let folder: string;
let service: CaseService;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-mapped-'));
  writeFileSync(join(folder, 'shop.json'), log);
  writeFileSync(join(folder, 'mapping.yaml'), mapping('source_bytes'));
  service = await openLocalCase({
    folder: join(folder, 'case'),
    settings: defaultCaseSettings,
    now: () => Date.UTC(2026, 2, 2) * 1000,
    logger: silentLogger,
  });
});

afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const investigate = (paths: readonly string[], mappings: readonly string[] = []): Promise<Verdict> =>
  service.investigate({ paths, mappings, only: [], skip: [], indicators: [], rules: [] }, {});

async function ask(sql: string): Promise<unknown> {
  return (await service.query({ sql, timeoutMs: 60_000, maxRows: 10 }, {})).rows;
}

it('reads contents again that a mapping which comes later recognises, and doubles nothing', async () => {
  const path = join(folder, 'shop.json');
  const archived = join(folder, 'old.json.gz');
  writeFileSync(archived, gzipSync(log.replaceAll('10.0.0.5', '10.0.0.6')));
  const before = await investigate([path, archived]);
  expect(before.evidence.map(({ source, events }) => [source, events.log])).toEqual([
    ['jsonl', 3],
    ['jsonl', 3],
  ]);
  const after = await investigate([], [join(folder, 'mapping.yaml')]);
  expect(after.problems).toEqual([]);
  expect(after.evidence.map(({ source, events }) => [source, events.flow, events.log])).toEqual([
    ['mapped/shop', 3, undefined],
    ['mapped/shop', 3, undefined],
  ]);
  expect(await ask('SELECT source_ip, sum(source_bytes) FROM flow GROUP BY ALL ORDER BY ALL')).toEqual([
    ['10.0.0.5', 6],
    ['10.0.0.6', 6],
  ]);
  expect(await ask('SELECT count(*) FROM log')).toEqual([[0]]);
  await investigate([path, archived], [join(folder, 'mapping.yaml')]);
  expect(await ask('SELECT count(*) FROM flow')).toEqual([[6]]);
});

it('reads again what an older text of the mapping has read, and only when it has changed', async () => {
  const path = join(folder, 'shop.json');
  const file = join(folder, 'mapping.yaml');
  await investigate([path], [file]);
  writeFileSync(file, mapping('destination_bytes'));
  await investigate([path], [file]);
  const sums = 'SELECT count(*), sum(source_bytes), sum(destination_bytes) FROM flow';
  expect(await ask(sums)).toEqual([[3, null, 6]]);
  // A log that is gone by now is only asked for when there is news.
  rmSync(path);
  expect((await investigate([], [file])).problems).toEqual([]);
});

it('reads what nothing recognised, and leaves native formats alone', async () => {
  const path = join(folder, 'odd.txt');
  writeFileSync(path, 'client|server|ts\n10.0.0.5|203.0.113.1|2026-03-01T10:00:00Z\n');
  const native = join(folder, 'falco.json');
  writeFileSync(
    native,
    '{"output":"x","priority":"Notice","rule":"r","time":"2026-03-01T10:00:00Z","output_fields":{}}\n',
  );
  const before = await investigate([path, native]);
  const sources = ({ evidence }: Verdict): unknown => evidence.map(({ source }) => source);
  writeFileSync(join(folder, 'csv.yaml'), `format: csv\n${mapping('source_bytes')}`);
  writeFileSync(join(folder, 'all.yaml'), mapping('source_bytes', '[output]').replace('shop', 'all'));
  const after = await investigate([], [join(folder, 'csv.yaml'), join(folder, 'all.yaml')]);
  expect([sources(before), sources(after)]).toEqual([
    [expect.not.stringContaining('mapped') as unknown, 'falco-json'],
    ['mapped/shop', 'falco-json'],
  ]);
});
