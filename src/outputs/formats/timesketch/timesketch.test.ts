import { describe, expect, it } from 'vitest';
import { buildReport, type ReportInput } from '../../report.ts';
import { sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { variedVerdict } from '../../testdata/varied-verdict.ts';
import { output } from './index.ts';

type Row = Readonly<Record<string, unknown>> & { readonly tag: readonly string[] };

function rowsOf(verdict: ReportInput): Row[] {
  const text = [...output.render(buildReport(verdict), { width: 80, color: false, showAll: true })].join('');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Row);
}

describe('the Timesketch timeline', () => {
  it('has the fields that an import asks for, the time twice and equal', () => {
    const rows = rowsOf(withTexts(variedVerdict, 'a"b\nc\u001b'));
    expect(rows.length).toBeGreaterThan(variedVerdict.findings.length);
    for (const { message, datetime, timestamp, timestamp_desc: description, tag } of rows) {
      expect(message).not.toBe('');
      expect(datetime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/);
      expect(Math.floor((timestamp as number) / 1000)).toBe(Date.parse(String(datetime)));
      expect(description).toMatch(/^(?:Finding|Incident) (?:first|last) seen$/);
      expect(tag[0]).toBe('vakthund');
    }
  });

  it('stands where something began, and where it ended when it went on', () => {
    const rows = rowsOf(sampleVerdict).filter(({ id }) => id === 'f-000000000001');
    expect(rows.map(({ datetime, timestamp_desc: description }) => [datetime, description])).toEqual([
      ['2026-11-24T10:09:00.000042+00:00', 'Finding first seen'],
      ['2026-11-25T10:00:00.000000+00:00', 'Finding last seen'],
    ]);
    expect(rows[0]).toMatchObject({ host: '10.1.2.3', address: '203.0.113.7', tag: ['vakthund', 'high', 'T1071.001'] });
    expect(rowsOf(sampleVerdict).filter(({ id }) => id === 'f-000000000002')).toHaveLength(1);
  });
});
