import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { countAtOrOver } from './exit-code.ts';
import { output } from './formats/json/index.ts';
import { reportSchema, type Report } from './report-schema.ts';
import { buildReport, type ReportInput } from './report.ts';
import { beacon, cron, emptyVerdict, sampleVerdict, withTexts } from './testdata/sample-verdict.ts';

const options = { width: 80, color: false, showAll: false };
const jsonOf = (verdict: ReportInput): string => [...output.render(buildReport(verdict), options)].join('');
/** The published JSON Schema itself, read back: it and not only the declaration must accept what is written. */
const jsonSchema = z.fromJSONSchema(z.toJSONSchema(reportSchema, { io: 'output' }) as z.core.JSONSchema.JSONSchema);

describe('the report model', () => {
  const report = buildReport(sampleVerdict);

  it('has the keys of vakthund.report/1 in their order', () => {
    expect(Object.keys(report)).toEqual([
      'schema',
      'case',
      'evidence',
      'incidents',
      'findings',
      'problems',
      'not_checked',
      'span',
      'ran',
    ]);
  });
  it('writes times as ISO 8601 in UTC with microseconds', () => {
    expect(report.incidents[0]?.story[1]?.time).toBe('2026-11-24T10:09:00.000042Z');
    expect(report.span).toEqual({
      first_seen: '2026-11-24T10:00:00.000000Z',
      last_seen: '2026-11-25T10:00:00.000000Z',
    });
  });
  it('points to evidence by path and place', () => {
    const found = report.findings.find(({ id }) => id === beacon.id);
    expect(found?.evidence[0]).toEqual({ path: 'day.tar.gz!zeek/conn.log', at: 1204 });
    const unknown = buildReport({ ...sampleVerdict, evidence: [] }).findings[0]?.evidence[0];
    expect(unknown?.path).toBe('evidence 1');
  });
  it('puts the worst finding first, whatever order they came in', () => {
    const ids = report.findings.map(({ id }) => id);
    expect(ids.slice(0, 2)).toEqual([beacon.id, cron.id]);
    const turned = buildReport({ ...sampleVerdict, findings: [...sampleVerdict.findings].reverse() });
    expect(turned.findings.map(({ id }) => id)).toEqual(ids);
  });
  it('says where each problem is, as far as it is known', () => {
    expect(report.problems).toEqual([
      {
        code: 'bad-record',
        at: 'day.tar.gz!zeek/conn.log:17',
        message: 'the line has 3 of 21 columns',
        hint: 'was it cut?',
        count: 3,
      },
      { code: 'unknown-format', at: 'strange.bin', message: 'no source recognises the content', hint: null, count: 1 },
      { code: 'partly-seen', at: '', message: 'packets were cut to 70 bytes', hint: null, count: 1 },
    ]);
  });
  it('bounds numbers of a foreign detector', () => {
    const odd = {
      ...beacon,
      score: Number.NaN,
      reasons: [{ what: 'w', value: 'v', weight: Number.POSITIVE_INFINITY }],
    };
    const [finding] = buildReport({ ...emptyVerdict, findings: [odd] }).findings;
    expect(finding?.score).toBe(0);
    expect(finding?.reasons).toEqual([{ what: 'w', value: 'v' }]);
  });
  it('counts what is at or over a severity, incidents as well as findings', () => {
    expect(countAtOrOver(report, 'high')).toBe(3);
    expect(countAtOrOver(report, 'critical')).toBe(0);
    expect(countAtOrOver(report, 'info')).toBe(5);
  });
});

describe('the JSON output', () => {
  it.each([
    ['a whole verdict', sampleVerdict],
    ['an empty verdict', emptyVerdict],
    ['hostile texts', withTexts(sampleVerdict, '"\u0000\u001b]0;x\u0007\u202e\ud800\\')],
  ])('fits the published schema: %s', (_name, verdict) => {
    expect(jsonSchema.safeParse(JSON.parse(jsonOf(verdict))).error).toBeUndefined();
  });
  it('does not fit the schema any more with an unknown key, a missing key or a time of other shape', () => {
    const whole = JSON.parse(jsonOf(sampleVerdict)) as Report;
    const [incident] = whole.incidents;
    const { findings: _findings, ...missing } = whole;
    for (const broken of [
      { ...whole, extra: 1 },
      missing,
      { ...whole, incidents: [{ ...incident, first_seen: '2026-11-24 10:00' }] },
    ]) {
      expect(jsonSchema.safeParse(broken).success).toBe(false);
    }
  });
  it('says nothing else than the report, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const verdict = withTexts(sampleVerdict, text);
        expect(JSON.parse(jsonOf(verdict))).toEqual(JSON.parse(JSON.stringify(buildReport(verdict))));
      }),
      { numRuns: 100 },
    );
  });
  it('has no character that a terminal would act on', () => {
    const text = jsonOf(withTexts(sampleVerdict, '\u001b[2J\u009b31m\u202eevil\u200b\u2028\u{e0041}\u007f'));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
  it('writes one record a line', () => {
    const lines = jsonOf(sampleVerdict).split('\n');
    expect(lines.filter((line) => line.includes('"detector":'))).toHaveLength(sampleVerdict.findings.length);
    expect(lines.at(-1)).toBe('');
  });
  it('is written in pieces, however many findings there are', () => {
    const findings = Array.from({ length: 5000 }, (_none, index) => ({ ...cron, id: `f-${index}` }));
    const longest = Math.max(
      ...[...output.render(buildReport({ ...emptyVerdict, findings }), options)].map((piece) => piece.length),
    );
    expect(longest).toBeLessThan(2000);
  });
});
