import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildReport, type ReportInput } from '../../report.ts';
import { emptyVerdict, sampleVerdict, withTexts } from '../../testdata/sample-verdict.ts';
import { variedVerdict } from '../../testdata/varied-verdict.ts';
import { observableId } from './identifier.ts';
import { output } from './index.ts';

const text = z.string().min(1);
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const idOf = (type: string) =>
  z.string().refine((id) => {
    const [name, uuid = ''] = id.split('--');
    const version = type === 'process' ? '4' : '5';
    const [, , third = ''] = uuid.split('-');
    return name === type && third.startsWith(version) && z.uuid().safeParse(uuid).success;
  });
const anyId = z.string().regex(/^[a-z][a-z0-9-]+--[0-9a-f-]{36}$/);
const references = z.array(z.strictObject({ source_name: text, external_id: text, url: z.url().optional() })).min(1);

function domainObject<const T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.strictObject({
    type: z.literal(type),
    spec_version: z.literal('2.1'),
    id: idOf(type),
    created: time,
    modified: time,
    created_by_ref: idOf('identity').optional(),
    labels: z.array(text).min(1).optional(),
    ...shape,
  });
}

function observable<const T extends string, S extends z.ZodRawShape>(type: T, shape: S) {
  return z.strictObject({ type: z.literal(type), spec_version: z.literal('2.1'), id: idOf(type), ...shape });
}

/** What STIX 2.1 requires of each type that is written; unknown properties are faults. */
const object = z.discriminatedUnion('type', [
  domainObject('identity', { name: text, identity_class: text }),
  domainObject('attack-pattern', { name: text, external_references: references }),
  domainObject('vulnerability', { name: text, external_references: references.optional() }),
  domainObject('observed-data', {
    first_observed: time,
    last_observed: time,
    number_observed: z.int().min(1).max(999_999_999),
    object_refs: z.array(anyId).min(1),
  }),
  domainObject('note', { abstract: text, content: text, object_refs: z.array(anyId).min(1) }),
  domainObject('indicator', {
    name: text,
    description: text,
    indicator_types: z.array(text).min(1),
    pattern: text,
    pattern_type: z.literal('stix'),
    valid_from: time,
    confidence: z.int().min(0).max(100),
  }),
  domainObject('incident', { name: text, description: text }),
  domainObject('report', {
    name: text,
    description: text,
    report_types: z.array(text).min(1),
    published: time,
    object_refs: z.array(anyId).min(1),
  }),
  domainObject('relationship', { relationship_type: text, source_ref: anyId, target_ref: anyId }),
  observable('ipv4-addr', { value: z.ipv4() }),
  observable('ipv6-addr', { value: z.ipv6() }),
  observable('domain-name', { value: text }),
  observable('url', { value: text }),
  observable('user-account', { account_login: text }),
  observable('directory', { path: text }),
  observable('software', { name: text }),
  observable('mac-addr', { value: z.string().regex(/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/) }),
  observable('file', {
    name: text.optional(),
    parent_directory_ref: idOf('directory').optional(),
    hashes: z.partialRecord(z.enum(['MD5', 'SHA-1', 'SHA-256', 'SHA-512']), text).optional(),
  }).refine(({ name, hashes }) => name !== undefined || hashes !== undefined),
  observable('process', { pid: z.int(), image_ref: idOf('file') }),
]);
const bundle = z.strictObject({ type: z.literal('bundle'), id: idOf('bundle'), objects: z.array(object) });
type StixObject = z.infer<typeof object>;

function written(verdict: ReportInput): string {
  return [...output.render(buildReport(verdict), { width: 80, color: false, showAll: true })].join('');
}

function objectsOf(verdict: ReportInput): StixObject[] {
  return bundle.parse(JSON.parse(written(verdict))).objects;
}

function refsOf(one: StixObject): string[] {
  return Object.entries(one).flatMap(([key, value]) => {
    if (key.endsWith('_refs')) return value as string[];
    return key.endsWith('_ref') ? [value as string] : [];
  });
}

describe('the STIX bundle', () => {
  it.each([
    ['sample', sampleVerdict],
    ['nothing found', emptyVerdict],
    ['every kind of entity', variedVerdict],
    ['hostile texts', withTexts(variedVerdict, '"\u001b\u202e\ud800\\\' OR /1/x')],
  ])('is valid, has each object once, and refers to nothing outside: %s', (_what, verdict) => {
    const objects = objectsOf(verdict);
    const ids = objects.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const dated = objects.filter((one) => 'created' in one);
    expect(dated.filter((one) => one.created > one.modified)).toEqual([]);
    expect(objects.flatMap(refsOf).filter((id) => !ids.includes(id))).toEqual([]);
    // Observed data may hold observables only, and those have no `created`.
    const observed = objects.flatMap((one) => (one.type === 'observed-data' ? one.object_refs : []));
    expect(dated.filter(({ id }) => observed.includes(id))).toEqual([]);
  });

  it('is the same for the same verdict', () => {
    expect(written(sampleVerdict)).toBe(written(sampleVerdict));
  });

  it('names an observable as every other producer does', () => {
    // STIX 2.1, 2.9: the name is the canonical JSON of the contributing properties.
    expect(observableId('ipv4-addr', { value: '198.51.100.3' })).toBe(
      'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4',
    );
  });

  it('makes indicators of the far side of findings of medium or more, and of nothing that is ours', () => {
    const indicators = objectsOf(variedVerdict).flatMap((one) => (one.type === 'indicator' ? [one.pattern] : []));
    expect(indicators.sort()).toEqual([
      `[domain-name:value = 'c2.example']`,
      `[file:hashes.'SHA-256' = '${'ab'.repeat(32)}']`,
      `[ipv4-addr:value = '203.0.113.7']`,
      `[ipv6-addr:value = '2001:db8::7']`,
      String.raw`[url:value = 'https://c2.example/a\'b']`,
    ]);
  });

  it('puts everything of an incident into its report', () => {
    const objects = objectsOf(sampleVerdict);
    const report = objects.find(({ type }) => type === 'report');
    const members = report?.type === 'report' ? report.object_refs : [];
    const types = new Set(members.map((id) => id.split('--')[0]));
    expect(types).toEqual(
      new Set([
        'incident',
        'observed-data',
        'ipv4-addr',
        'file',
        'directory',
        'attack-pattern',
        'indicator',
        'relationship',
      ]),
    );
  });
});
