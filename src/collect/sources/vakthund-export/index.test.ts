import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeContent, placesOf } from '../../../../tests/support/decode-content.ts';
import { columnEntries, kindIds } from '../../../events/event.ts';
import { source } from './index.ts';
import { kindOfColumns } from './kind.ts';

const read = (name: string): string => readFileSync(new URL(`testdata/${name}`, import.meta.url), 'utf8');
const csv = read('dns.csv');
const json = read('sessions.json');

describe('vakthund-export', () => {
  it('tells every kind by its columns', () => {
    for (const kind of kindIds) expect(kindOfColumns(columnEntries(kind).map(([name]) => name))).toBe(kind);
  });

  it('knows whole rows of a kind, and no others', () => {
    expect(source.detect('x', Buffer.from(csv))).toBe('certain');
    expect(source.detect('x', Buffer.from(json))).toBe('certain');
    expect(source.detect('x.csv', Buffer.from('time,source_ip,dns_question_name\n'))).toBeUndefined();
    expect(source.detect('x.json', Buffer.from('{"schema":"vakthund.report/1","columns":[]}'))).toBeUndefined();
  });

  it('reads rows of CSV', async () => {
    const { events, problems } = await decodeContent(source, csv);
    expect(problems).toEqual([]);
    const lines = csv.trimEnd().split('\n').slice(1);
    expect(events).toHaveLength(lines.length);
    expect(events.map(({ kind }) => kind)).toEqual(lines.map(() => 'dns'));
    expect(events[0]).toMatchObject({ evidence_at: 2, evidence_id: 0, dns_type: 'query', dns_question_type: 'A' });
  });

  it('reads rows of JSON', async () => {
    const { rows } = JSON.parse(json) as { rows: Record<string, unknown>[] };
    const { events, problems } = await decodeContent(source, json);
    expect(problems).toEqual([]);
    expect(events).toHaveLength(rows.length);
    for (const [index, row] of rows.entries()) {
      const { time: _time, evidence_id: _id, evidence_at: _at, ...rest } = row;
      expect(events[index]).toMatchObject({ kind: 'user_session', ...rest });
    }
  });

  it('reports what does not fit, and reads on', async () => {
    const [header = '', first = ''] = csv.split('\n');
    const broken = first.replace('10.0.0.5', 'x.y').replace(/^[^,]*/, 'soon');
    const { events, problems } = await decodeContent(source, `${header}\n${broken}\na,b\n${first}\n`);
    expect(events).toHaveLength(2);
    expect(events[0]).toMatchObject({ time: 0 });
    expect(placesOf(problems)).toContainEqual(['bad-record', 3]);
    expect(placesOf(problems)).toContainEqual(['bad-value', 2]);
    const none = await decodeContent(source, '{"schema":"vakthund.report/1","columns":[7]}');
    expect(placesOf(none.problems)).toEqual([['bad-record', 1]]);
  });
});
