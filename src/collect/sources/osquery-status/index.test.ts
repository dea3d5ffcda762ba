import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/osqueryd.INFO.log', import.meta.url));

describe('osquery-status', () => {
  it('knows the logs of osquery among those of glog', () => {
    expect(source.detect('x', sample)).toBe('certain');
    const other = sample.toString('utf8').replaceAll('.cpp:', '.go:');
    expect(source.detect('osqueryd.INFO', Buffer.from(other))).toBeUndefined();
    expect(source.detect('osqueryd.INFO', Buffer.from('I1123 17:39:15.992489 4 a.cpp:1] x'))).toBeUndefined();
  });

  it('reads lines with the year and machine of the header, over the end of a year', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(events).toMatchObject([
      {
        kind: 'log',
        time: parseIsoMicros('2026-12-31T23:59:00.992489Z'),
        host_name: 'node1',
        log_level: 'info',
        message: 'Event publisher not enabled',
        fields: '{"thread":4,"place":"eventfactory.cpp:156"}',
        evidence_at: 5,
      },
      { time: parseIsoMicros('2027-01-01T00:00:01.000001Z'), log_level: 'warning' },
    ]);
    expect(placesOf(problems)).toEqual([['bad-record', 7]]);
  });
});
