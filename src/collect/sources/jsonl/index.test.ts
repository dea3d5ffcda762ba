import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/app.json', import.meta.url));

describe('jsonl', () => {
  it('is possible for records with a time', () => {
    expect(source.detect('x', sample)).toBe('possible');
    expect(source.detect('x', Buffer.from('{"time":1772359200}'))).toBe('possible');
  });

  it('is possible behind a byte order mark, and for a list', () => {
    expect(source.detect('x', Buffer.from('\uFEFF{"ts":"2026-03-01 10:00:00,5"}\r\n'))).toBe('possible');
    const list = '[\n {"ts":"2026-03-01T10:00:00Z"},\n {"ts":"2026-03-01T10:00:01Z"}]';
    expect(source.detect('x', Buffer.from(list))).toBe('possible');
    const long = `[${'{"ts":"2026-03-01T10:00:00Z"},\n'.repeat(3000)}`;
    expect(source.detect('x', Buffer.from(long).subarray(0, 65_536))).toBe('possible');
  });

  it('reads a list, and times one level deep', async () => {
    const { events, problems } = await decodeContent(
      source,
      '[{"t":{"$date":"2026-03-01T10:00:00Z"},"msg":"a"},{"result":{"_time":"2026-03-01T11:00:00.000+0100","msg":"b"}}]',
    );
    expect(problems).toEqual([]);
    const time = parseIsoMicros('2026-03-01T10:00:00Z');
    expect(events.map((event) => event.time)).toEqual([time, time]);
  });

  it.each(['', '{}', '{"a":1}\n{"time":1}\n', '{\n  "time": 1,\n  "b": {}\n}\n', '[{"time":1}]', 'time {"time":1}'])(
    'does not take %j',
    (text) => {
      expect(source.detect('app.json', Buffer.from(text))).toBeUndefined();
    },
  );

  it('finds what records name as most programs do', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(contentOf(events[0])).toEqual({
      kind: 'log',
      time: parseIsoMicros('2026-03-01T10:00:00.5Z'),
      event_dataset: 'jsonl',
      evidence_id: 0,
      evidence_at: 1,
      log_level: 'warn',
      log_name: 'shop.Orders',
      message: 'order refused',
      user_name: 'anna',
      source_ip: '203.0.113.9',
      source_port: 5000,
      fields: { user: { roles: ['a'] }, order: 7 },
    });
    expect(events.slice(1)).toMatchObject([
      {
        time: parseIsoMicros('2026-03-01T10:00:01Z'),
        host_name: 'node1',
        process_pid: 4711,
        process_name: 'shop',
        fields: null,
      },
      { time: parseIsoMicros('2026-03-01T10:00:02.123456Z'), log_level: '3' },
      { time: 0, message: 'no time', fields: '{"timestamp":"soon"}' },
    ]);
    expect(placesOf(problems)).toEqual([['bad-record', 4]]);
  });

  it('takes keys such as __proto__ for keys', async () => {
    const { events } = await decodeContent(
      source,
      '{"time":"2026-03-01T10:00:00Z","__proto__":{"a":1},"constructor":"x"}',
    );
    expect(events[0]?.fields).toBe('{"__proto__":{"a":1},"constructor":"x"}');
  });
});
