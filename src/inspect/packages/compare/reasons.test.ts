import { describe, expect, it } from 'vitest';
import { MemoryBook } from '../advisories/memory-book.ts';
import { toOsvRecord } from '../advisories/osv.ts';
import { assess } from '../matching/assess.ts';
import type { Distribution, Package, PackageType } from '../package.ts';
import { purlOf } from '../purl.ts';
import type { ExplainContext } from './explain.ts';
import { lineUp, type LinedUp } from './line-up.ts';
import type { ReportedRow, ScannerReport } from './report.ts';
import type { ComparedSubject } from './same-image.ts';

function pkg(type: PackageType, name: string, version: string, more: Partial<Package> = {}): Package {
  const purl = purlOf(type, name, version);
  return { type, name, version, purl, licenses: [], locations: [`lib/${name}`], files: [], foundBy: 'test', ...more };
}

function row(id: string, name: string, version: string, more: Partial<ReportedRow> = {}): ReportedRow {
  return { id, aliases: [], package: name, version, fixed: undefined, isByCpe: false, ...more };
}

function reportOf(rows: readonly ReportedRow[], more: Partial<ScannerReport> = {}): ScannerReport {
  return {
    scanner: 'Other',
    path: 'other.json',
    createdAt: '2024-01-01T00:00:00Z',
    target: { manifests: [] },
    rows,
    unread: 0,
    ...more,
  };
}

const alpine: Distribution = {
  id: 'alpine',
  idLike: [],
  versionId: '3.11.5',
  codename: undefined,
  prettyName: 'Alpine Linux v3.11',
};

const subject: ComparedSubject = {
  name: 'shop',
  imageId: `sha256:${'a'.repeat(64)}`,
  digests: [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`],
  distribution: alpine,
  packages: [
    pkg('apk', 'musl', '1.1.24-r2'),
    pkg('apk', 'musl-utils', '1.1.24-r2', { source: { name: 'musl', version: '1.1.24-r2' } }),
    pkg('apk', 'zlib', '1.2.11-r3'),
    pkg('pypi', 'flask', '1.0'),
    pkg('npm', 'mocha', '9.0.0', { isDevelopment: true }),
    pkg('gem', 'rack', '2.0.0'),
  ],
};

function context(more: Partial<ExplainContext> = {}): ExplainContext {
  const book = new MemoryBook();
  const add = (id: string, ecosystem: string, name: string, fixed: string, published: string): void => {
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
    const record = toOsvRecord({ id, published, affected: [{ package: { ecosystem, name }, ranges }] });
    if (record !== undefined) book.add({ kind: 'advisory', record }, 'osv');
  };
  add('CVE-2020-28928', 'Alpine:v3.11', 'musl', '1.1.24-r3', '2020-11-24T00:00:00Z');
  add('CVE-2018-1000656', 'PyPI', 'flask', '1.1', '2018-08-20T00:00:00Z');
  const assessment = assess(subject, book, { today: '2026-11-26', vex: [], ignores: [] });
  return { subject, assessment, book, asOf: undefined, today: '2026-11-26', dataDate: '2023-12-01', ...more };
}

function lineOf(lines: readonly LinedUp[], id: string, name: string): LinedUp | undefined {
  return lines.find((line) => line.id === id && line.package === name);
}

describe('why another scanner lists more', () => {
  const rows = [
    row('CVE-2022-37434', 'zlib', '1.2.11-r3', { isByCpe: true }),
    row('CVE-2018-25032', 'zlib', '1.2.11-r3', { isByCpe: true }),
    row('CVE-2020-28928', 'musl', '1.1.24-r0'),
    row('CVE-2023-1', 'python', '3.8.2', { location: '/usr/local/bin/python3.8' }),
    row('CVE-2023-2', 'mocha', '9.0.0'),
    row('CVE-2023-3', 'rack', '2.0.0'),
    row('CVE-2023-4', 'flask', '1.0'),
  ];
  const { lines } = lineUp([reportOf(rows)], context());

  it.each([
    ['CVE-2022-37434', 'zlib', 'ended', "Alpine Linux v3.11 until 2021-11-01; by NVD's names of products"],
    ['CVE-2018-25032', 'zlib', 'cpe', ''],
    ['CVE-2020-28928', 'musl', 'other-version', 'here 1.1.24-r2'],
    ['CVE-2023-1', 'python', 'no-package', 'seen in /usr/local/bin/python3.8'],
    ['CVE-2023-2', 'mocha', 'development', ''],
    ['CVE-2023-3', 'rack', 'no-stream', 'rubygems'],
    ['CVE-2023-4', 'flask', 'no-advice', 'its report is of 2024-01-01, our advisories of 2023-12-01'],
  ])('%s of %s: %s', (id, name, reason, detail) => {
    const line = lines.find((one) => one.id === id && one.package === name && !one.isOurs);
    expect(line?.missing).toEqual({ reason, detail });
  });
});

describe('why another scanner lists less', () => {
  const absence = (report: ScannerReport, name = 'flask', id = 'CVE-2018-1000656'): unknown =>
    lineOf(lineUp([report], context()).lines, id, name)?.absent['Other'];

  it('tells another version from a package that it did not see', () => {
    expect(absence(reportOf([row('CVE-2023-9', 'flask', '0.9')]))).toEqual({
      reason: 'other-version',
      detail: 'there 0.9',
    });
    expect(absence(reportOf([]))).toEqual({ reason: 'unlisted', detail: 'ours in lib/flask' });
    expect(absence(reportOf([], { packages: new Set(['zlib']) }))).toEqual({
      reason: 'unseen',
      detail: 'ours in lib/flask',
    });
    expect(absence(reportOf([], { packages: new Set(['flask']) }))).toEqual({ reason: 'data', detail: 'by osv' });
  });

  it('sees the mark of a filter in a long list', () => {
    const fixed = Array.from({ length: 10 }, (_, at) => row(`CVE-2023-${at}`, `p${at}`, '1', { fixed: '2' }));
    const high = fixed.map((one) => ({ ...one, severity: 'high' }));
    expect(absence(reportOf(fixed))).toMatchObject({ reason: 'unlisted' });
    const low = context();
    const assessment = {
      ...low.assessment,
      vulnerabilities: low.assessment.vulnerabilities.map((one) => ({ ...one, severity: 'low' as const })),
    };
    const { lines } = lineUp([reportOf(high)], { ...low, assessment });
    expect(lineOf(lines, 'CVE-2018-1000656', 'flask')?.absent['Other']).toEqual({
      reason: 'filtered',
      detail: 'it has high only',
    });
  });
});

describe('lines', () => {
  it('put a row to the package of its own name, and not to another of the same source', () => {
    const rows = ['musl', 'musl-utils'].map((name) => row('CVE-2020-28928', name, '1.1.24-r2'));
    const { lines, tallies } = lineUp([reportOf(rows)], context());
    for (const name of ['musl', 'musl-utils']) {
      expect(lineOf(lines, 'CVE-2020-28928', name)?.theirs).toEqual({ Other: ['CVE-2020-28928'] });
    }
    expect(tallies[1]).toMatchObject({ rows: 2, unique: 1, doubles: 0 });
  });
});

describe('reports of another image', () => {
  const sameness = (report: Partial<ScannerReport>): unknown =>
    lineUp([reportOf([], report)], context()).notes[0]?.sameness;
  const digest = (sign: string): string => `sha256:${sign.repeat(64)}`;

  it('are told by image id, release, or the packages that they name', () => {
    expect(sameness({ target: { manifests: [], imageId: digest('a'), system: 'alpine 3.11.3' } })).toEqual({
      isSame: 'yes',
      why: '',
    });
    expect(sameness({ target: { manifests: [digest('b')], imageId: digest('c') } })).toMatchObject({ isSame: 'yes' });
    expect(sameness({ target: { manifests: [], imageId: digest('c') } })).toEqual({
      isSame: 'no',
      why: 'its image id is cccccccccccc, this one has aaaaaaaaaaaa',
    });
    expect(sameness({ target: { manifests: [], system: 'alpine 3.11.3' } })).toEqual({
      isSame: 'no',
      why: 'it is about alpine 3.11.3, this is alpine 3.11.5',
    });
    expect(sameness({ target: { manifests: [], system: 'alpine 3.11' } })).toMatchObject({ isSame: 'unknown' });
    const rows = ['a', 'b', 'c', 'zlib', 'd'].map((name) => row('CVE-2023-1', name, '1.2.11-r3'));
    expect(sameness({ rows })).toEqual({
      isSame: 'no',
      why: '4 of 5 packages that it names are not here in that version',
    });
  });
});
