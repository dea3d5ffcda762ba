import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/wtmp.1', import.meta.url));

describe('wtmp', () => {
  it('knows records by their form, whatever the name', () => {
    expect(source.detect('x', sample)).toBe('certain');
    expect(source.detect('x', sample.subarray(0, 384))).toBe('certain');
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['zeros', Buffer.alloc(4096)],
    ['less than a record', sample.subarray(0, 300)],
    ['text', Buffer.from('Accepted password for root\n'.repeat(100))],
    ['a type that is none', Buffer.concat([Buffer.from([10]), sample.subarray(1)])],
  ])('does not know %s', (_what, bytes) => {
    expect(source.detect('var/log/wtmp', bytes)).toBeUndefined();
  });

  it('reads log-ins, failures, log-outs and boots', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(events).toMatchObject([
      { kind: 'log', log_name: 'boot', message: 'reboot ~ 6.1.0-18-amd64', evidence_at: 1 },
      {
        kind: 'user_session',
        time: parseIsoMicros('2026-03-01T10:00:10.0005Z'),
        event_action: 'login',
        event_outcome: 'success',
        target_user_name: 'anna',
        process_pid: 4711,
        process_tty: 'pts/0',
        source_ip: '203.0.113.9',
        source_host: null,
        fields: '{"type":"user","id":"ts/0"}',
      },
      { event_action: 'login', event_outcome: 'failure', target_user_name: 'root', source_ip: '198.51.100.7' },
      {
        event_action: 'logout',
        target_user_name: 'anna',
        process_tty: 'pts/0',
        fields: '{"type":"dead","id":"ts/0","exit":{"termination":0,"status":1}}',
      },
      { target_user_name: 'bob', source_ip: '2001:db8::9', source_host: 'host.example', evidence_at: 6 },
    ]);
    expect(placesOf(problems)).toEqual([['truncated', 7]]);
  });

  it('reads records of ARM', async () => {
    const record = Buffer.alloc(400);
    record.writeUInt16LE(7, 0);
    record.write('pts/3', 8);
    record.write('eve', 44);
    record.writeBigInt64LE(1_772_359_200n, 344);
    expect(source.detect('x', record)).toBe('certain');
    const { events } = await decodeContent(source, Buffer.concat([record, record]));
    expect(events).toMatchObject([{ target_user_name: 'eve' }, { time: 1_772_359_200_000_000 }]);
  });

  it('reads lastlog by its name', async () => {
    const bytes = Buffer.alloc(292 * 3);
    bytes.writeInt32LE(1_772_359_200, 292 * 2);
    bytes.write('pts/0', 292 * 2 + 4);
    bytes.write('203.0.113.9', 292 * 2 + 36);
    const { events } = await decodeContent(source, bytes, 'var/log/lastlog');
    expect(events).toMatchObject([
      { event_dataset: 'lastlog', target_user_id: '2', source_ip: '203.0.113.9', evidence_at: 3 },
    ]);
  });

  it('says when there are no records', async () => {
    const { events, problems } = await decodeContent(source, 'no records '.repeat(100));
    expect(events).toEqual([]);
    expect(placesOf(problems)).toEqual([['bad-header', 1]]);
  });
});
