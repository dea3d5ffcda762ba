import { describe, expect, it } from 'vitest';
import { parseIsoMicros } from '../base/time.ts';
import { lookBack, partText } from './look-back.ts';
import { reportSchema } from './report-schema.ts';
import { buildReport } from './report.ts';
import { beacon, cron, sampleVerdict } from './testdata/sample-verdict.ts';

const whole = buildReport(sampleVerdict);
const all = { only: [], skip: [] };
const at = (iso: string): number => parseIsoMicros(iso) ?? 0;
const ids = (report: typeof whole): string[] => report.findings.map(({ id }) => id).sort();

describe('looking back', () => {
  it('is the whole verdict when nothing is asked for', () => {
    expect(lookBack(whole, all)).toBe(whole);
    expect(partText(whole)).toBe('');
  });

  it('leaves out what ended before, but tells an incident that went on whole', () => {
    const late = lookBack(whole, { ...all, since: at('2026-11-24T12:00:00Z') });
    expect(ids(late)).toEqual([beacon.id, cron.id]);
    expect(late.incidents).toHaveLength(1);
    expect(partText(late)).toBe('Only what was seen since 2026-11-24 12:00 UTC');
    expect(reportSchema.safeParse(late).error).toBeUndefined();
  });

  it('leaves out what began after', () => {
    const early = lookBack(whole, { ...all, until: at('2026-11-24T10:04:00Z') });
    expect([early.incidents, early.findings]).toEqual([[], []]);
  });

  it('says when the case ends before what is asked for', () => {
    const none = lookBack(whole, { ...all, since: at('2027-01-01T00:00:00Z') });
    expect(none.findings).toEqual([]);
    expect(partText(none)).toBe(
      'Only what was seen since 2027-01-01 00:00 UTC; the last event of the case is older: 2026-11-25 10:00 UTC',
    );
  });

  it('chooses by detector, by id or a part of it', () => {
    expect(ids(lookBack(whole, { only: ['rare-agent'], skip: [] }))).toEqual(['f-000000000003', 'f-000000000004']);
    expect(ids(lookBack(whole, { only: [], skip: ['analytics'] }))).toEqual([beacon.id, cron.id]);
    const none = lookBack(whole, { only: ['nothing'], skip: [] });
    expect(none.findings).toEqual([]);
    expect(partText(none)).toBe('Only what was seen by nothing');
  });

  it('chooses incidents by the beginning of their id, with their findings alone', () => {
    const [incident] = whole.incidents;
    const part = lookBack(whole, { ...all, incidents: [incident?.id.slice(0, 8) ?? ''] });
    expect(part.incidents).toEqual([incident]);
    expect(ids(part)).toEqual([...(incident?.findings ?? [])].sort());
    expect(partText(part)).toBe(`Only ${incident?.id ?? ''}`);
    expect(reportSchema.safeParse(part).error).toBeUndefined();
    expect(() => lookBack(whole, { ...all, incidents: ['inc-zzz'] })).toThrow(/no incident "inc-zzz"/);
    expect(() => lookBack(whole, { ...all, incidents: [''] })).toThrow(/no incident/);
  });
});
