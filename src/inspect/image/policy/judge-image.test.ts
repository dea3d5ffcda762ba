import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { microsPerDay } from '../../../base/time.ts';
import { MemoryBook } from '../../packages/advisories/memory-book.ts';
import { toOsvRecord } from '../../packages/advisories/osv.ts';
import type { ImageUse, IndexedImage } from '../index-store/record.ts';
import { judgeImage, isBelow, type PolicyContext, type PolicyVerdict } from './judge-image.ts';
import { readImagePolicy } from './policy.ts';

const now = Date.parse('2026-11-26T12:00:00Z') * 1000;
const digest = `sha256:${'d'.repeat(64)}`;

const image: IndexedImage = {
  id: 'sha256:1',
  digest,
  names: ['registry.example/team/app:1'],
  places: [],
  platform: 'linux/amd64',
  created: '2026-11-01T00:00:00.000000Z',
  layers: [],
  distribution: {
    id: 'alpine',
    idLike: [],
    versionId: '3.22.1',
    codename: undefined,
    prettyName: 'Alpine Linux v3.22',
  },
  user: '1000:1000',
  packages: [
    {
      name: 'log4j-core',
      version: '2.14.1',
      type: 'maven',
      purl: 'pkg:maven/a/log4j-core@2.14.1',
      path: '/app.jar',
      layer: 1,
    },
    { name: 'requests', version: '2.0', type: 'pypi', purl: 'pkg:pypi/requests@2.0', path: '/lib', layer: 0 },
  ],
  indexedAt: '2026-11-20T00:00:00.000000Z',
  problems: 0,
  signature: { state: 'valid', detail: 'us', judgedAt: '2026-11-20T00:00:00.000000Z', trust: 'ours' },
};
const use: ImageUse = {
  reference: `registry.example/team/app:1@${digest}`,
  path: 'pod.yaml',
  line: 4,
  what: 'Pod app',
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-policy-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function policyOf(text: string): PolicyContext['policy'] {
  const path = join(folder, 'policy.yaml');
  writeFileSync(path, text);
  return readImagePolicy(path);
}

function bookOf(severity: string, fixed: string | undefined): MemoryBook {
  const book = new MemoryBook();
  const events = [{ introduced: '0' }, ...(fixed === undefined ? [] : [{ fixed }])];
  const record = toOsvRecord({
    id: 'PYSEC-1',
    aliases: ['CVE-2026-1'],
    affected: [{ package: { ecosystem: 'PyPI', name: 'requests' }, ranges: [{ type: 'ECOSYSTEM', events }] }],
    database_specific: { severity },
  });
  if (record !== undefined) book.add({ kind: 'advisory', record }, 'osv');
  return book;
}

function judge(text: string, changed: Partial<IndexedImage> = {}, context: Partial<PolicyContext> = {}): PolicyVerdict {
  const whole = { policy: policyOf(text), trust: 'ours', book: new MemoryBook(), now, ...context };
  return judgeImage({ ...image, ...changed }, [use], whole);
}

const good = `
registries: [registry.example/team]
pinned: true
signed: {keys: [team.pub]}
supported: true
max_age_days: 90
non_root: true
forbidden_packages: ["log4j-core<2.14.0"]
`;

describe('a policy', () => {
  it('allows what keeps all of it', () => {
    expect(judge(good)).toMatchObject({ state: 'allowed', faults: [], notChecked: [] });
  });

  it.each<[string, string, Partial<IndexedImage>, string]>([
    [
      'registries',
      'registries: [registry.example/other]',
      {},
      'registry.example/team/app:1 is from no registry that is allowed',
    ],
    [
      'registries',
      'registries: [registry.example/te]',
      {},
      'registry.example/team/app:1 is from no registry that is allowed',
    ],
    [
      'signed',
      good,
      { signature: { state: 'missing', detail: '', judgedAt: '', trust: 'ours' } },
      'it is not signed by anybody trusted',
    ],
    [
      'signed',
      good,
      { signature: { state: 'invalid', detail: 'expiry: it ran out', judgedAt: '', trust: 'ours' } },
      'expiry: it ran out',
    ],
    [
      'supported',
      good,
      { distribution: { ...ended() } },
      'Alpine Linux v3.11: its support ended on 2021-11-01: what was found later is not repaired, and mostly not even listed for it',
    ],
    ['max_age_days', 'max_age_days: 20', {}, 'it was made 25 days ago; the limit is 20'],
    ['non_root', good, { user: '' }, 'no user is set: it runs as root'],
    ['non_root', good, { user: '0:1000' }, 'it runs as 0:1000'],
    [
      'forbidden_packages',
      'forbidden_packages: ["log4j-core<2.17.1"]',
      {},
      'log4j-core 2.14.1 in /app.jar is log4j-core<2.17.1',
    ],
  ])('refuses by %s', (rule, text, changed, detail) => {
    expect(judge(text, changed)).toMatchObject({ state: 'refused', faults: [{ rule, detail }] });
  });

  it('refuses a use without a digest, and none by a container that runs already', () => {
    const loose = { ...use, reference: 'registry.example/team/app:1' };
    const context = { policy: policyOf('pinned: true'), trust: undefined, book: undefined, now };
    expect(judgeImage(image, [loose], context).faults).toMatchObject([
      { rule: 'pinned', detail: expect.stringContaining('pod.yaml:4 Pod app') as string },
    ]);
    expect(judgeImage(image, [{ ...loose, running: 'yes' }], context).state).toBe('allowed');
  });

  it.each([
    ['fixable: high', 'HIGH', '2.1', 'refused'],
    ['fixable: high', 'CRITICAL', '2.1', 'refused'],
    ['fixable: high', 'MODERATE', '2.1', 'allowed'],
    ['fixable: high', 'HIGH', undefined, 'allowed'],
    ['any: high', 'HIGH', undefined, 'refused'],
    ['any: critical', 'HIGH', undefined, 'allowed'],
  ])('judges vulnerabilities: %s, with one that is %s and repaired in %s', (limit, severity, fixed, state) => {
    const packages = image.packages.slice(1);
    const verdict = judge(`vulnerabilities: {${limit}}`, { packages }, { book: bookOf(severity, fixed) });
    const faults = state === 'refused' ? ['CVE-2026-1 in requests 2.0'] : [];
    expect(verdict.faults.map(({ detail }) => detail.split(':')[0])).toEqual(faults);
    expect(verdict.state).toBe(state);
  });

  it('does not allow what could not be judged', () => {
    const unasked = judge(good, { signature: undefined });
    expect(unasked).toMatchObject({ state: 'unknown', notChecked: [{ what: 'signature' }] });
    expect(judge(good, {}, { trust: 'others' })).toMatchObject({ state: 'unknown' });
    expect(judge('max_age_days: 20', { created: '1970-01-01T00:00:00.000000Z' })).toMatchObject({ state: 'unknown' });
    expect(judge('vulnerabilities: {any: low}')).toMatchObject({
      state: 'unknown',
      notChecked: [{ why: 'no advisories for them are loaded' }, { why: 'no advisories for them are loaded' }],
    });
    expect(judge('registries: [registry.example]', { names: [] })).toMatchObject({ state: 'unknown' });
  });

  it('excuses by an exception until its last day, and says so', () => {
    const excuse = (until: string): string =>
      `non_root: true\nexceptions: [{image: registry.example/team, rules: [non_root], reason: old, until: ${until}}]`;
    expect(judge(excuse('2026-11-26'), { user: '' })).toMatchObject({
      state: 'allowed',
      excused: [{ rule: 'non_root', reason: 'old', until: '2026-11-26' }],
    });
    expect(judge(excuse('2026-11-25'), { user: '' }).state).toBe('refused');
    expect(judge(excuse('2026-11-26'), { user: '' }, { now: now + microsPerDay }).state).toBe('refused');
  });

  it.each([
    ['registry: [a]', /Unrecognized key/],
    ['vulnerabilities: {fixable: urgent}', /vulnerabilities\.fixable/],
    ['forbidden_packages: ["a<"]', /forbidden_packages\.0: is no package/],
    ['exceptions: [{image: a, rules: [pinned], reason: b, until: soon}]', /is no day/],
    ['signed: {identity: me}', /signed: needs keys/],
    ['a: [', /policy\.yaml: /],
  ])('that is wrong is told: %s', (text, message) => {
    expect(() => policyOf(text)).toThrow(message);
  });
});

it.each([
  ['registry.example/team/app:1', 'registry.example/team', true],
  ['registry.example/team/app:1', 'registry.example/team/', true],
  ['registry.example/team/app:1', 'registry.example/team/app', true],
  ['registry.example/team/app@sha256:1', 'registry.example/team/app', true],
  ['registry.example/teamwork/app', 'registry.example/team', false],
  ['registry.example.evil/app', 'registry.example', false],
])('%s stands below %s: %s', (name, beginning, isIt) => {
  expect(isBelow(name, beginning)).toBe(isIt);
});

function ended(): NonNullable<IndexedImage['distribution']> {
  return { id: 'alpine', idLike: [], versionId: '3.11.5', codename: undefined, prettyName: 'Alpine Linux v3.11' };
}
