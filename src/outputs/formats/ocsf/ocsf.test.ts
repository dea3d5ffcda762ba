import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildReport, type ReportInput } from '../../report.ts';
import { emptyVerdict, sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { variedVerdict } from '../../testdata/varied-verdict.ts';
import { output } from './index.ts';

const text = z.string();
const millis = z.int().min(0);
const caption = text.min(1);

/** At least one of the attributes must be there, as OCSF's constraints ask. */
const oneOf =
  (...names: readonly string[]) =>
  (value: Readonly<Record<string, unknown>>): boolean =>
    names.some((name) => value[name] !== undefined);

const endpoint = z.strictObject({ ip: text, hostname: text }).partial().refine(oneOf('ip', 'hostname'));
const device = z.strictObject({ type_id: z.int(), hostname: text.optional(), mac: text.optional() });
const file = z.strictObject({
  name: text,
  type_id: z.int(),
  path: text.optional(),
  hashes: z.array(z.strictObject({ algorithm: text, algorithm_id: z.int().min(1).max(4), value: text })).optional(),
});
const evidence = z
  .strictObject({
    src_endpoint: endpoint,
    dst_endpoint: endpoint,
    device,
    file,
    process: z.strictObject({ pid: z.int(), name: text }),
    user: z.strictObject({ name: text }),
    url: z.strictObject({ url_string: text }),
    container: z.strictObject({ name: text }),
    data: z.unknown(),
  })
  .partial()
  .refine(oneOf('data', 'device', 'dst_endpoint', 'file', 'process', 'src_endpoint', 'url', 'user'));

/** What OCSF 1.5.0 requires of a Detection Finding, and the attributes of it that are written: no other may appear. */
const detectionFinding = z.strictObject({
  activity_id: z.literal(1),
  activity_name: z.literal('Create'),
  category_uid: z.literal(2),
  category_name: z.literal('Findings'),
  class_uid: z.literal(2004),
  class_name: z.literal('Detection Finding'),
  type_uid: z.literal(200_401),
  type_name: z.literal('Detection Finding: Create'),
  time: millis,
  start_time: millis,
  end_time: millis,
  severity_id: z.int().min(1).max(5),
  severity: z.enum(['Informational', 'Low', 'Medium', 'High', 'Critical']),
  status_id: z.literal(1),
  status: z.literal('New'),
  is_alert: z.boolean(),
  message: text,
  count: z.int().min(1).optional(),
  confidence_score: z.int().min(0).max(100).optional(),
  confidence_id: z.int().min(1).max(3).optional(),
  confidence: caption.optional(),
  risk_score: z.int().min(0).max(100).optional(),
  metadata: z.strictObject({
    version: z.literal('1.5.0'),
    uid: text,
    product: z.strictObject({ name: caption, vendor_name: caption, version: caption }),
    correlation_uid: text.optional(),
    profiles: z.array(z.literal('incident')).optional(),
  }),
  finding_info: z.strictObject({
    uid: text,
    title: text,
    desc: text,
    types: z.array(caption),
    first_seen_time: millis,
    last_seen_time: millis,
    analytic: z.strictObject({ uid: text, name: text, type_id: z.int(), type: caption }).optional(),
    related_events: z.array(z.strictObject({ uid: text, type: caption })).optional(),
    attacks: z
      .array(
        z.strictObject({
          technique: z.strictObject({ uid: text }),
          sub_technique: z.strictObject({ uid: text }).optional(),
        }),
      )
      .optional(),
  }),
  evidences: z.array(evidence).min(1).optional(),
  observables: z
    .array(z.strictObject({ name: caption, type_id: z.int().min(0), type: caption, value: text }))
    .optional(),
  remediation: z.strictObject({ desc: text }),
  unmapped: z.record(text, z.unknown()),
});
type Event = z.infer<typeof detectionFinding>;

function eventsOf(verdict: ReportInput): Event[] {
  const written = [...output.render(buildReport(verdict), { width: 80, color: false, showAll: true })].join('');
  return written
    .split('\n')
    .slice(0, -1)
    .map((line) => detectionFinding.parse(JSON.parse(line)));
}

describe('OCSF', () => {
  it.each([
    ['sample', sampleVerdict],
    ['of every kind of entity', variedVerdict],
    ['with hostile texts', withTexts(variedVerdict, '"\u001b]0;x\u0007\u202e\ud800\\/1/')],
  ])('has every required attribute and no unknown one: %s', (_what, verdict) => {
    expect(eventsOf(verdict)).toHaveLength(verdict.incidents.length + verdict.findings.length);
  });

  it('tells incidents first, and of each finding to which one it belongs', () => {
    const [incident, beacon] = eventsOf(sampleVerdict);
    expect(incident).toMatchObject({
      risk_score: 71,
      severity_id: 4,
      metadata: { uid: 'inc-00000000000a', profiles: ['incident'] },
      finding_info: { related_events: [{ uid: 'f-000000000002' }, { uid: 'f-000000000001' }] },
    });
    expect(beacon).toMatchObject({
      severity: 'High',
      confidence_score: 93,
      confidence: 'High',
      count: 1431,
      end_time: Date.parse('2026-11-25T10:00:00Z'),
      metadata: { uid: 'f-000000000001', correlation_uid: 'inc-00000000000a' },
      finding_info: { attacks: [{ technique: { uid: 'T1071' }, sub_technique: { uid: 'T1071.001' } }] },
      evidences: [{ src_endpoint: { ip: '10.1.2.3' } }, { dst_endpoint: { ip: '203.0.113.7' } }],
    });
  });

  it('points each observable at the attribute that holds its value', () => {
    for (const { evidences = [], observables = [] } of eventsOf(variedVerdict)) {
      for (const [index, { name, value }] of observables.entries()) {
        const held = name
          .split('.')
          .slice(1)
          .reduce<unknown>(
            (inner, key) => (Array.isArray(inner) ? inner[0] : (inner as Record<string, unknown>))[key as never],
            evidences[index],
          );
        expect(held).toBe(value);
      }
    }
  });

  it('is nothing when nothing was found', () => {
    expect(eventsOf(emptyVerdict)).toEqual([]);
  });
});
