import { describe, expect, it } from 'vitest';
import { buildReport, type ReportInput } from '../../report.ts';
import { emptyVerdict, sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { code, inline } from './escape.ts';
import { output } from './index.ts';

function show(verdict: ReportInput): string {
  return [...output.render(buildReport(verdict), { width: 80, color: false, showAll: true })].join('');
}

describe('the Markdown report', () => {
  it('tells incidents, loose findings and what was not seen', () => {
    const text = show(sampleVerdict);
    for (const part of [
      '3 logs, 45,124 events, 2026-11-24 10:00 to 2026-11-25 10:00 UTC (24 h). 1 incident, 4 findings.',
      '## HIGH 71: Scheduled job planted on web01, implant beaconing to 203.0.113.7',
      '- 2026-11-24 10:04:00 root on web01 wrote a cron file with a download',
      '1. Take web01 off the network.',
      '- **high** 10.1.2.3 calls 203.0.113.7 every 60 s (`analytics/beacon`, score 0.93, `day.tar.gz!zeek/conn.log:1204`)',
      '## Findings in no incident',
      '- `bad-record` 3 × `day.tar.gz!zeek/conn.log:17`: the line has 3 of 21 columns',
      '- not checked: strange.bin: no source recognises the format',
    ]) {
      expect(text).toContain(part);
    }
    expect(show(emptyVerdict)).toContain('No finding. What was not seen stands below.');
  });

  it('names what is silenced, by whom, why and until when', () => {
    const by = { id: 's-1', reason: 'a known poller', author: 'nora', expires: '2027-01-01' };
    const suppressed = sampleVerdict.findings.slice(0, 2).map((finding) => ({ finding, by }));
    expect(show({ ...sampleVerdict, suppressed })).toContain(
      '- suppressed by `s-1` (nora, until 2027-01-01): a known poller; 2 findings',
    );
  });

  it('takes nothing out of evidence for markup, and calls nobody', () => {
    const hostile = '# x\n[a](javascript:b) <img src=x> @admin #1 `c` https://evil.example/ www.evil.example';
    const said = inline(hostile);
    expect(show(withTexts(sampleVerdict, hostile))).toContain(said);
    expect(said).toBe(
      '\\# x \\[a\\](javascript:b) \\<img src=x\\> \\@admin \\#1 \\`c\\` https:\\/\\/evil.example/ www\\.evil.example',
    );
    expect(inline('1. one')).toBe('1\\. one');
    expect(inline('- one')).toBe('\\- one');
    expect(code('a`b')).toBe("`a'b`");
  });
});
