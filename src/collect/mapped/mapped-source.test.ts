import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { faultOf } from '../../../tests/fuzz/valid-event.ts';
import { silentLogger } from '../../base/logger.ts';
import type { Problem } from '../../base/problem.ts';
import type { EventRow } from '../../events/event.ts';
import { contentStart, type Checkpoint } from '../source.ts';
import { mappedSource } from './mapped-source.ts';
import { readMapping } from './read-mapping.ts';

function sourceOf(text: string) {
  const { mapping, problems } = readMapping(text);
  if (mapping === undefined) throw new Error(problems[0]?.message);
  return mappedSource(mapping);
}

async function decode(mapping: string, log: string, start: Checkpoint = contentStart) {
  const rows: EventRow[] = [];
  const problems: Problem[] = [];
  let checkpoint = start;
  async function* content(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(log);
  }
  const context = { name: 'x', start, growing: false, logger: silentLogger };
  for await (const batch of sourceOf(mapping).decode(content(), context)) {
    rows.push(...(batch.events as unknown as EventRow[]));
    problems.push(...batch.problems);
    checkpoint = batch.checkpoint;
  }
  return { rows, problems, checkpoint };
}

const json = `id: fw
recognise: {keys: [src.ip], values: {type: traffic}}
kind: flow
fields:
  time: {from: when, unit: ms}
  source_ip: src.ip
  source_bytes: {from: stats.sent, unit: KiB}
  event_duration: {from: stats.took, unit: ms}
  network_transport: {from: proto, values: {'6': tcp, '17': udp}}
`;
const record = {
  type: 'traffic',
  when: 1_773_100_800_500,
  src: { ip: '10.0.0.5', zone: 'lan' },
  stats: { sent: '2', took: 1500 },
  proto: 6,
};

describe('a mapped log', () => {
  it('of JSON becomes events of its kind, with units, tables and what is left', async () => {
    const { rows, problems } = await decode(json, `${JSON.stringify(record)}\n`);
    expect(problems).toEqual([]);
    expect(rows[0]).toMatchObject({
      kind: 'flow',
      event_dataset: 'fw',
      time: 1_773_100_800_500_000,
      source_ip: '10.0.0.5',
      source_bytes: 2048,
      event_duration: 1_500_000,
      network_transport: 'tcp',
      evidence_at: 1,
    });
    expect(JSON.parse(String(rows[0]?.['fields']))).toEqual({ type: 'traffic', src: { zone: 'lan' } });
  });

  it('tells values that do not fit and reads the rest', async () => {
    const log = [{ ...record, src: { ip: 'nobody' } }, { ...record, when: 'soon' }, 'broken', record];
    const { rows, problems } = await decode(
      json,
      log.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n'),
    );
    expect(rows.map((row) => [row['source_ip'], row['time'] !== 0])).toEqual([
      [null, true],
      ['10.0.0.5', false],
      ['10.0.0.5', true],
    ]);
    expect(problems.map(({ code, at }) => [code, at.line])).toEqual([
      ['bad-value', 1],
      ['bad-value', 2],
      ['bad-record', 3],
    ]);
  });

  it('of CSV is read with its header, also when reading goes on later', async () => {
    const csv = `id: vpn
format: csv
recognise: {keys: [User, Begin]}
kind: user_session
fields:
  time: {from: Begin, unit: '%d.%m.%Y %H:%M:%S'}
  target_user_name: User
  source_ip: From
  event_action: {constant: login}
`;
    const log = 'Begin;User;From\n05.03.2026 07:08:09;anna;203.0.113.9\n05.03.2026 08:00:00;bo;\n';
    const { rows, problems, checkpoint } = await decode(csv, log);
    expect(problems).toEqual([]);
    expect(rows.map((row) => [row['target_user_name'], row['source_ip'], row['event_action']])).toEqual([
      ['anna', '203.0.113.9', 'login'],
      ['bo', null, 'login'],
    ]);
    expect(rows[0]?.['time']).toBe(Date.UTC(2026, 2, 5, 7, 8, 9) * 1000);
    const later = await decode(csv, '05.03.2026 09:00:00;cy;\n', checkpoint);
    expect(later.rows[0]).toMatchObject({ target_user_name: 'cy', evidence_at: 4 });
  });

  it('makes a valid event of any record, and tells lines that are none', async () => {
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom(record.when, '10.0.0.5', -1, 1e300, '9'.repeat(400)));
    const row = fc.record({ type: value, when: value, src: value, stats: value, proto: value });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(row, fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 8 }),
        async (made) => {
          const { rows, problems } = await decode(json, made.map((one) => JSON.stringify(one)).join('\n'));
          expect(rows).toHaveLength(made.filter((one) => typeof one === 'object').length);
          expect(rows.map((event) => faultOf(event, ['flow'])).filter((fault) => fault !== undefined)).toEqual([]);
          expect(problems.length > 0).toBe(
            rows.length < made.length || problems.some(({ code }) => code === 'bad-value'),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is recognised by its keys and values alone', () => {
    const source = sourceOf(json);
    const detect = (name: string, bytes: Uint8Array) => source.detect(name, bytes);
    const head = (...records: unknown[]): Uint8Array =>
      Buffer.from(records.map((one) => JSON.stringify(one)).join('\n'));
    expect(detect('x', head(record, record))).toBe('certain');
    expect(detect('x', head({ ...record, type: 'event' }))).toBeUndefined();
    expect(detect('x', head({ type: 'traffic' }))).toBeUndefined();
    expect(detect('x', Buffer.from('\u0000\u0001'))).toBeUndefined();
  });
});
