import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OutputOptions } from '../../output.ts';
import { buildReport, type ReportInput } from '../../report.ts';
import { cron, emptyVerdict, sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { output } from './index.ts';
import { textWidth } from '../../text/text-width.ts';

function show(verdict: ReportInput, options: Partial<OutputOptions> = {}): string {
  return [...output.render(buildReport(verdict), { width: 100, color: false, showAll: false, ...options })].join('');
}
const widths = [40, 60, 80, 120, 200];

describe('the terminal report', () => {
  const text = show(sampleVerdict);

  it('begins with what was looked at', () => {
    expect(text.split('\n').slice(1, 4)).toEqual([
      '3 logs (1 not or not wholly read), 45,124 events, 2026-11-24 10:00 to 2026-11-25 10:00 UTC (24 h)',
      'Ran 2 detectors: analytics/beacon, persistence/cron',
      '1 incident from 2 findings; 2 findings in no incident',
    ]);
  });
  it('counts the rules of a language instead of naming each, unless all is asked for', () => {
    const ran = ['analytics/beacon', 'rules/falco/One', 'rules/falco/Two', 'rules/sigma/1-2'];
    expect(show({ ...sampleVerdict, ran })).toContain(
      'Ran 4 detectors: analytics/beacon, 2 of rules/falco, 1 of rules/sigma\n',
    );
    expect(show({ ...sampleVerdict, ran }, { showAll: true })).toContain('rules/falco/One, rules/falco/Two');
  });
  it('tells each incident: risk, story in UTC, numbers, places of proof, what to do', () => {
    for (const part of [
      ' 71 HIGH  Scheduled job planted on web01, implant beaconing to 203.0.113.7',
      '11-24 10:04:00  root on web01 wrote a cron file with a download',
      '      10:09:00  10.1.2.3 calls 203.0.113.7 every 60 s, 1431 events until 2026-11-25 10:00 UTC',
      '+13.6  ATT&CK tactics: 2 (persistence, command and control)',
      'interval regularity: 0.98 (+0.25); prevalence: 1 of 40 hosts (+0.15); bytes: 1.2 MB',
      'day.tar.gz!zeek/conn.log:1204, day.tar.gz!zeek/conn.log:9999',
      '1. Take web01 off the network.',
    ]) {
      expect(text).toContain(part);
    }
  });
  it('lists the rest: findings in no incident, problems with place and hint, what was not checked', () => {
    expect(text).toContain('low      2026-11-24 10:04 Rare user agent, 2 findings alike, the strongest:');
    expect(text).toMatch(/bad-record +3 +day\.tar\.gz!zeek\/conn\.log:17 +the line has 3 of 21 columns; was it cut\?/);
    expect(text).toContain('analytics/rogue-device, analytics/dga: no dhcp or device events in the evidence');
  });
  it('ends with what the exit code means and a command to go on with', () => {
    expect(text).toContain('Exit 0: done. With --fail-on SEVERITY, findings at or over it give exit 1.');
    const question = `"SELECT DISTINCT source_ip FROM flow WHERE destination_ip = '203.0.113.7'"`;
    const last = (folder: string): string | undefined =>
      show({ ...sampleVerdict, caseFolder: folder }, { width: 200 })
        .trimEnd()
        .split('\n')
        .at(-1);
    expect(last('.vakthund')).toBe(`Next: vakthund hunt ${question}`);
    expect(last('/srv/case 42')).toBe(`Next: vakthund hunt --case '/srv/case 42' ${question}`);
    expect(show(sampleVerdict, { failOn: 'high' })).toContain('Exit 1: 3 findings or incidents at or over high.');
    expect(show(sampleVerdict, { failOn: 'critical' })).toContain(
      'Exit 0: no finding or incident at or over critical.',
    );
  });
  it('says once below which folder the evidence stands, and places without it', () => {
    const below = (folder: string): typeof sampleVerdict => ({
      ...sampleVerdict,
      evidence: sampleVerdict.evidence.map((row) => ({ ...row, path: `${folder}${row.path}` })),
    });
    const deep = show(below('/srv/evidence/'));
    expect(deep).toContain('\nEvidence below /srv/evidence/\n');
    expect(deep).toContain('      day.tar.gz!zeek/conn.log:1204, day.tar.gz!zeek/conn.log:9999');
    expect(show(below('/srv/'))).toContain('/srv/day.tar.gz!zeek/conn.log:1204');
    expect(text).not.toContain('Evidence below');
  });
  it('tells in short what is neither high nor the worst, and repeats the heads at the end', () => {
    const [worst] = sampleVerdict.incidents;
    if (worst === undefined) throw new Error('the sample has an incident');
    const minor = { ...worst, id: 'inc-000000000002', risk: 44, severity: 'medium' as const, title: 'Minor thing' };
    const two = { ...sampleVerdict, incidents: [worst, minor] };
    const shown = show(two);
    expect(shown.match(/Why the risk is/g)).toHaveLength(1);
    expect(shown).toContain(
      'Numbers and proof: vakthund report --case /srv/cases/acme/.vakthund --incident inc-000000000002',
    );
    expect(shown).toMatch(/In short\n 71 HIGH.*\n 44 MEDIUM {4}Minor thing, inc-000000000002\n/);
    expect(show(two, { showAll: true }).match(/Why the risk is/g)).toHaveLength(2);
    expect(text).not.toContain('In short');
  });
  it('has no colour unless asked, and the same text with it', () => {
    expect(text).not.toContain('\u001b');
    const colored = show(sampleVerdict, { color: true });
    expect(colored).toContain('\u001b[31m');
    expect(withoutColors(colored)).toBe(text);
  });
  it.each(widths)('stays inside %i columns', (width) => {
    for (const verdict of [
      sampleVerdict,
      withTexts(sampleVerdict, '日本語 '.repeat(60)),
      withTexts(sampleVerdict, 'x'.repeat(900)),
    ]) {
      const lines = show(verdict, { width, showAll: true }).split('\n');
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width);
    }
  });
  it('bounds widths that are no widths', () => {
    for (const width of [Number.NaN, 0, -5, 5, Number.POSITIVE_INFINITY, 1e9]) {
      expect(Math.max(...show(sampleVerdict, { width }).split('\n').map(textWidth))).toBeLessThanOrEqual(200);
    }
  });
  it('shows only the most telling, and says how to see all', () => {
    const findings = Array.from({ length: 300 }, (_none, index) => ({
      ...cron,
      id: `f-${index}`,
      title: `Thing ${index}`,
    }));
    const short = show({ ...emptyVerdict, findings });
    expect(short).toContain('290 more findings, none more severe: vakthund report --all');
    expect(short.match(/Thing \d+/g)).toHaveLength(10);
    expect(show({ ...emptyVerdict, findings }, { showAll: true }).match(/Thing \d+/g)).toHaveLength(300);
  });
});

describe('the place of a thing that has no lines', () => {
  it('is its path alone', () => {
    const [pointer] = cron.evidence;
    const at = (line: number): string =>
      show({
        ...sampleVerdict,
        findings: [{ ...cron, evidence: [{ evidence_id: pointer?.evidence_id ?? 1, at: line }] }],
      });
    expect(at(77)).toMatch(/:77$/m);
    expect(at(0)).not.toMatch(/:0$/m);
  });
});

describe('a report without findings', () => {
  it('says what was not checked, and never that all is clean', () => {
    const text = show({ ...sampleVerdict, findings: [], incidents: [] });
    expect(text).toContain('No finding. Not checked:');
    expect(text).toContain('strange.bin: no source recognises the format');
    expect(text.match(/strange\.bin: no source/g)).toHaveLength(1);
    expect(text.toLowerCase()).not.toMatch(/clean|safe|all good/);
  });
  it('says so on one line when one thing was not checked', () => {
    const notChecked = [{ what: 'analytics/dga', why: 'no dns events in the evidence' }];
    expect(show({ ...emptyVerdict, notChecked })).toContain(
      'No finding. Not checked: analytics/dga: no dns events in the evidence.\n',
    );
  });
  it('names a few of many things that were not checked for one reason', () => {
    const notChecked = Array.from({ length: 42 }, (_none, index) => ({ what: `log${index}`, why: 'no source' }));
    expect(show({ ...emptyVerdict, notChecked })).toContain('log7 and 34 more: no source.');
    expect(show({ ...emptyVerdict, notChecked }, { showAll: true })).toContain('log41: no source.');
  });
  it('where no event was read, names what could not be read, not every detector', () => {
    const notChecked = [
      { what: 'analytics/dga', why: 'no dns events in the evidence' },
      { what: 'strange.bin', why: 'no source recognises the format' },
      { what: 'rules/sigma: 103 rules', why: 'the evidence has no events of its log source' },
    ];
    const empty = { ...emptyVerdict, notChecked };
    const text = show(empty);
    expect(text).toContain('strange.bin: no source recognises the format');
    expect(text).toContain('all detectors: no event was read that they could judge');
    expect(text).not.toContain('analytics/dga');
    expect(show(empty, { showAll: true })).toContain('analytics/dga: no dns events in the evidence');
  });
  it('of an empty case says that nothing was read', () => {
    expect(show(emptyVerdict)).toContain('No finding. Nothing was read.');
  });
});

describe('text out of evidence on the terminal', () => {
  it('cannot move the cursor, change colours, or hide, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom(...widths),
        fc.boolean(),
        (text, width, color) => {
          const shown = show(withTexts(sampleVerdict, text), { width, color });
          expect(withoutColors(shown).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        },
      ),
      { numRuns: 150 },
    );
  });
  it('cannot forge a colour of ours', () => {
    const shown = show(withTexts(sampleVerdict, '\u001b[31m\u001b[0m'), { color: true });
    expect(withoutColors(shown)).toContain('\\x1b[31m\\x1b[0m');
  });
  it('cannot forge lines of the report', () => {
    const shown = show(withTexts(sampleVerdict, 'x\nExit 0: done.\r\n'));
    expect(shown.split('\n').filter((line) => line.startsWith('Exit '))).toHaveLength(1);
  });
  it('is not put into a command', () => {
    const shown = show({ ...withTexts(sampleVerdict, "1.2.3.4'; DROP TABLE flow; --"), caseFolder: '.vakthund' });
    expect(shown.trimEnd().split('\n').at(-1)).toBe('Next: vakthund report --all');
  });
});

/** Only the exact codes that the report itself writes count as its colours. */
function withoutColors(text: string): string {
  return [1, 2, 7, 22, 27, 31, 33, 36, 39].reduce((rest, code) => rest.replaceAll(`\u001B[${code}m`, ''), text);
}
