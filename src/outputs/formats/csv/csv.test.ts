import { describe, expect, it } from 'vitest';
import { buildReport, type ReportInput } from '../../report.ts';
import { emptyVerdict, sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { variedVerdict } from '../../testdata/varied-verdict.ts';
import { output } from './index.ts';

function textOf(verdict: ReportInput): string {
  return [...output.render(buildReport(verdict), { width: 80, color: false, showAll: true })].join('');
}

/** Cells of each line, for texts without line ends in them. */
function recordsOf(verdict: ReportInput): Readonly<Record<string, string>>[] {
  const [head = [], ...rows] = textOf(verdict)
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"(?<quoted>(?:[^"]|"")*)"|(?<bare>[^",]*))/g)].map(
        ({ groups }) => groups?.['bare'] ?? groups?.['quoted']?.replaceAll('""', '"') ?? '',
      ),
    );
  return rows.map((cells) => {
    expect(cells).toHaveLength(head.length);
    return Object.fromEntries(head.map((name, index) => [name, cells[index] ?? '']));
  });
}

describe('CSV', () => {
  it('has a line for each incident and finding, with entities in columns', () => {
    const records = recordsOf(variedVerdict);
    expect(records.map(({ record }) => record)).toEqual([
      'incident',
      ...Array.from({ length: variedVerdict.findings.length }, () => 'finding'),
    ]);
    expect(records[0]).toMatchObject({ id: 'inc-00000000000a', risk: '71', severity: 'high', events: '2' });
    expect(records.find(({ id }) => id === 'f-000000000001')).toMatchObject({
      hosts: '10.1.2.3',
      addresses: '203.0.113.7',
      incident: 'inc-00000000000a',
      evidence: 'day.tar.gz!zeek/conn.log:1204; day.tar.gz!zeek/conn.log:9999',
    });
    expect(records.find(({ id }) => id === 'f-000000000005')).toMatchObject({
      other_entities:
        'tls-fingerprint t13d1516h2_8daaf6152771_b186095e22b6; user-agent curl/8; package log4j-core 2.14.1; vulnerability CVE-2021-44228',
    });
    expect(recordsOf(emptyVerdict)).toEqual([]);
  });

  it.each(['=cmd|calc!A1', '@x', '+1+1', '-1+1', '\u202e=1', 'a\r\n=1'])('runs nothing: %j', (text) => {
    for (const record of recordsOf(withTexts(sampleVerdict, text))) {
      for (const value of Object.values(record)) expect(value).not.toMatch(/^[=@]|^[+-][^\d]|^[+-]\d+\D|[\r\n\u202e]/);
    }
  });
});
