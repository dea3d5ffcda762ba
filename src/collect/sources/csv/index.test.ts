import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';

const sample = readFileSync(new URL('testdata/app.csv', import.meta.url));

describe('csv', () => {
  it('is possible for a header with a time over a line that fits', () => {
    expect(source.detect('x', sample)).toBe('possible');
    expect(source.detect('x', Buffer.from('time,a,b\n1,2,3'))).toBe('possible');
  });

  it.each([
    '',
    'a,b,c\n1,2,3',
    'time,a,b\n1,2',
    'time,a\n1,2',
    'time,a,a\n1,2,3',
    'time, and so on, and more\nnothing',
  ])('does not take %j', (text) => {
    expect(source.detect('x.csv', Buffer.from(text))).toBeUndefined();
  });

  it('reads lines under their header', async () => {
    const { events, problems } = await decodeContent(source, sample);
    expect(contentOf(events[0])).toEqual({
      kind: 'log',
      time: parseIsoMicros('2026-03-01T10:00:00Z'),
      event_dataset: 'csv',
      evidence_id: 0,
      evidence_at: 2,
      host_name: 'node1',
      source_ip: '203.0.113.9',
      user_name: 'anna',
      message: 'a; b "c"',
    });
    expect(events[1]).toMatchObject({ time: parseIsoMicros('2026-03-01T09:00:01Z'), fields: '{"Client-IP":"x"}' });
    expect(events[2]).toMatchObject({ time: 0 });
    expect(placesOf(problems)).toEqual([
      ['bad-record', 4],
      ['bad-record', 5],
    ]);
  });

  it('says when there is no header', async () => {
    expect(placesOf((await decodeContent(source, 'a b c\nd\n')).problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
    ]);
  });
});
