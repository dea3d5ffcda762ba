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

  it('is possible for two columns, missing names and those that stand twice, when a time stands there', () => {
    for (const text of [
      'time,a\n2026-03-01T10:00:00Z,2',
      'time,a,a\n1772359200,2,3',
      ',time,a\n0,2026-03-01,x',
      '\uFEFFsep=;\r\n\r\nZeit;Time\r\nx;01.03.2026 10:00\r\n',
      'time,text\n2026-03-01T10:00:00Z,"a\nb"\n',
    ]) {
      expect(source.detect('x', Buffer.from(text))).toBe('possible');
    }
  });

  it('joins a day and a clock, and tells columns apart by their places', async () => {
    const { events } = await decodeContent(source, ',Date,Time,User,User\n7,2026-03-01,10:00:05,anna,x\n');
    expect(contentOf(events[0])).toMatchObject({
      time: parseIsoMicros('2026-03-01T10:00:05Z'),
      user_name: 'anna',
      fields: { _1: '7', User_5: 'x' },
    });
  });

  it('takes the order of day and month from the dates that tell it', async () => {
    const timesOf = async (...dates: string[]): Promise<unknown[]> => {
      const text = dates.map((date) => `${date},x\n`).join('');
      const { events, problems } = await decodeContent(source, `time,a\n${text}`);
      return [...events.map(({ time }) => new Date(time / 1000).toISOString().slice(0, 10)), problems.length];
    };
    expect(await timesOf('03/01/2026 10:00', '31/01/2026 10:00')).toEqual(['2026-01-03', '2026-01-31', 0]);
    expect(await timesOf('03/01/2026 10:00', '03/31/2026 10:00')).toEqual(['2026-03-01', '2026-03-31', 0]);
    expect(await timesOf('3/1/2026 10:00 PM')).toEqual(['2026-03-01', 0]);
    expect(await timesOf('03/01/2026 10:00')).toEqual(['2026-01-03', 1]);
  });

  it('reads fields over several lines, and loses no more than the record whose quote stays open', async () => {
    const { events, problems } = await decodeContent(
      source,
      [
        'time,text,n',
        '2026-03-01T10:00:00Z,"one',
        'two ""2""",1',
        '2026-03-01T10:00:01Z,"never closed,2',
        '2026-03-01T10:00:02Z,plain,3',
        '2026-03-01T10:00:03Z,"open at the end',
        '',
      ].join('\n'),
    );
    expect(events).toMatchObject([
      { time: 1_772_359_200_000_000, evidence_at: 3, message: 'one\ntwo "2"', fields: '{"n":"1"}' },
      { time: 1_772_359_202_000_000, evidence_at: 5, message: 'plain' },
    ]);
    expect(placesOf(problems)).toEqual([
      ['bad-record', 4],
      ['truncated', undefined],
    ]);
  });

  it('says when there is no header', async () => {
    expect(placesOf((await decodeContent(source, 'a b c\nd\n')).problems)).toEqual([
      ['bad-record', 1],
      ['bad-record', 2],
    ]);
  });
});
