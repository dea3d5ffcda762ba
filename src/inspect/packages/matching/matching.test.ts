import { describe, expect, it } from 'vitest';
import { MemoryBook } from '../advisories/memory-book.ts';
import { toOsvRecord } from '../advisories/osv.ts';
import type { Distribution, Package, PackageType } from '../package.ts';
import { purlOf } from '../purl.ts';
import { assess, type AssessOptions } from './assess.ts';
import { matchPackages } from './match.ts';

const alpine: Distribution = {
  id: 'alpine',
  idLike: [],
  versionId: '3.11.5',
  codename: undefined,
  prettyName: 'Alpine Linux v3.11',
};
const debian: Distribution = { ...alpine, id: 'debian', versionId: '12', prettyName: 'Debian GNU/Linux 12' };
const options: AssessOptions = { today: '2026-11-26', vex: [], ignores: [] };

function pkg(type: PackageType, name: string, version: string, more: Partial<Package> = {}): Package {
  const purl = purlOf(type, name, version);
  return { type, name, version, purl, licenses: [], locations: [], files: [], foundBy: 'test', ...more };
}

function bookOf(...records: readonly object[]): MemoryBook {
  const book = new MemoryBook();
  for (const json of records) {
    const record = toOsvRecord(json);
    if (record !== undefined) book.add({ kind: 'advisory', record }, 'osv');
  }
  return book;
}

function osv(id: string, ecosystem: string, name: string, events: readonly object[], more: object = {}): object {
  return { id, affected: [{ package: { ecosystem, name }, ranges: [{ type: 'ECOSYSTEM', events }] }], ...more };
}

const untilFix = [{ introduced: '0' }, { fixed: '1.1.1g-r0' }];
const openssl = { source: { name: 'openssl', version: '1.1.1d-r3' } };

describe('matching', () => {
  it('takes distribution packages by their source, one row for each, one vulnerability for all', () => {
    const book = bookOf(
      osv('ALPINE-CVE-2020-1967', 'Alpine:v3.11', 'openssl', untilFix, { upstream: ['CVE-2020-1967'] }),
    );
    const packages = [pkg('apk', 'libcrypto1.1', '1.1.1d-r3', openssl), pkg('apk', 'libssl1.1', '1.1.1d-r3', openssl)];
    const { counts, vulnerabilities } = assess({ name: 'x', packages, distribution: alpine }, book, options);
    expect(counts).toEqual({ rows: 2, unique: 1, actionable: 1 });
    expect(vulnerabilities[0]).toMatchObject({
      id: 'CVE-2020-1967',
      aliases: ['ALPINE-CVE-2020-1967'],
      ecosystem: 'Alpine:v3.11',
      fixed: '1.1.1g-r0',
      fixState: 'fixed',
    });
  });

  it('takes actions in a whole version, and extensions of editors, however they are written', () => {
    const book = bookOf(
      osv('GHSA-mrrh-fwg8-r2c3', 'GitHub Actions', 'tj-actions/changed-files', [
        { introduced: '0' },
        { fixed: '46.0.1' },
      ]),
      osv('MAL-2026-5161', 'VSCode', 'nrwl.angular-console', [{ introduced: '18.95.0' }]),
      osv('HSEC-1', 'Hackage', 'aeson', [{ introduced: '0' }, { fixed: '2.0.1.0' }]),
      osv('RSEC-1', 'CRAN', 'commonmark', [{ introduced: '0' }, { fixed: '1.8' }]),
    );
    const packages = [
      pkg('github', 'TJ-Actions/changed-files', 'v45.0.7'),
      pkg('github', 'tj-actions/changed-files', 'v46.0.1'),
      pkg('github', 'tj-actions/changed-files', 'v45'),
      pkg('vscode-extension', 'Nrwl/angular-console', '18.95.0'),
      pkg('hackage', 'aeson', '2.0.0.3'),
      pkg('cran', 'commonmark', '1.7'),
    ];
    const { matches, withoutStream } = matchPackages(packages, book, { distribution: undefined });
    expect(matches.map(({ advice, package: { version } }) => `${advice.id} ${version}`)).toEqual([
      'GHSA-mrrh-fwg8-r2c3 v45.0.7',
      'MAL-2026-5161 18.95.0',
      'HSEC-1 2.0.0.3',
      'RSEC-1 1.7',
    ]);
    expect([...withoutStream]).toEqual([['github', 1]]);
  });

  it('stays in the release that the repositories name', () => {
    const book = bookOf(osv('CVE-1', 'Alpine:v3.12', 'a', [{ introduced: '0' }]));
    const packages = [pkg('apk', 'a', '1-r0')];
    expect(matchPackages(packages, book, { distribution: alpine }).matches).toEqual([]);
    expect(
      matchPackages(packages, book, { distribution: { ...alpine, repositoryRelease: '3.12' } }).matches,
    ).toHaveLength(1);
  });

  it.each([
    ['2018.03', '1'],
    ['2', '2'],
    ['2023', '2023'],
  ])('looks for Amazon Linux %s under %s', (versionId, release) => {
    const book = bookOf(osv('CVE-2019-5481', `Amazon Linux:${release}`, 'curl', [{ introduced: '0' }, { fixed: '8' }]));
    const distribution = { ...debian, id: 'amzn', versionId };
    const packages = [pkg('rpm', 'curl', '7.61.1-11.91.amzn1')];
    expect(assess({ name: 'x', packages, distribution }, book, options).counts.rows).toBe(1);
  });

  it('puts all names of a vulnerability together, over three databases', () => {
    const book = bookOf(
      osv('GO-2024-1', 'Go', 'example.com/a', [{ introduced: '0' }, { fixed: '1.2.0' }], { aliases: ['CVE-2024-1'] }),
      osv('GHSA-1', 'Go', 'example.com/a', [{ introduced: '0' }, { fixed: '1.2.1' }], { aliases: ['CVE-2024-1'] }),
      osv('BIT-1', 'Go', 'example.com/a', [{ introduced: '0' }], { aliases: ['GHSA-1'] }),
    );
    const packages = [pkg('golang', 'example.com/a', 'v1.0.0')];
    const { counts, vulnerabilities } = assess({ name: 'x', packages, distribution: undefined }, book, options);
    expect(counts).toEqual({ rows: 1, unique: 1, actionable: 1 });
    expect(vulnerabilities[0]).toMatchObject({
      id: 'CVE-2024-1',
      aliases: ['BIT-1', 'GHSA-1', 'GO-2024-1'],
      fixed: '1.2.1',
    });
  });

  it('believes the distribution that its package never had the fault', () => {
    const book = bookOf(
      osv('ALPINE-CVE-2023-45853', 'Alpine:v3.11', 'zlib', [{ introduced: '0' }, { fixed: '0' }], {
        upstream: ['CVE-2023-45853'],
      }),
      osv('OTHER-1', 'Alpine:v3.11', 'zlib', [{ introduced: '0' }], { aliases: ['CVE-2023-45853'] }),
    );
    expect(matchPackages([pkg('apk', 'zlib', '1.3.1-r2')], book, { distribution: alpine }).matches).toEqual([]);
  });

  it('leaves what a distribution owns and answers for to it, and says so', () => {
    const book = bookOf(osv('PYSEC-1', 'PyPI', 'urllib3', [{ introduced: '0' }]));
    const packages = [pkg('pypi', 'urllib3', '1.24.2', { ownedBy: 'python3-urllib3 1.24.2-1' })];
    const onDebian = assess({ name: 'x', packages, distribution: debian }, book, options);
    expect(onDebian.counts.rows).toBe(0);
    expect(onDebian.notChecked.map(({ what }) => what)).toContain('1 language packages by themselves');
  });

  it("takes a fix of Ubuntu's paid channel for one only where the package is from it", () => {
    const fix = (fixed: string): object[] => [{ introduced: '0' }, { fixed }];
    const book = bookOf(
      osv('UBUNTU-CVE-1', 'Ubuntu:Pro:16.04:LTS', 'wayland', fix('1.12.0-1+esm1'), { upstream: ['CVE-2021-1'] }),
      osv('UBUNTU-CVE-2', 'Ubuntu:Pro:16.04:LTS', 'wayland', fix('1.12.0-9+esm1'), { upstream: ['CVE-2021-2'] }),
      osv('UBUNTU-CVE-2', 'Ubuntu:16.04:LTS', 'wayland', fix('1.11.0'), { upstream: ['CVE-2021-2'] }),
    );
    const ubuntu = { ...debian, id: 'ubuntu', versionId: '16.04' };
    const of = (version: string): unknown[] =>
      matchPackages([pkg('deb', 'wayland', version)], book, { distribution: ubuntu }).matches.map((match) => [
        match.advice.id,
        match.fixed,
        match.state,
      ]);
    expect(of('1.12.0-1')).toEqual([['UBUNTU-CVE-1', undefined, 'not-fixed']]);
    expect(of('1.12.0-1+esm0')).toEqual([
      ['UBUNTU-CVE-1', '1.12.0-1+esm1', 'fixed'],
      ['UBUNTU-CVE-2', '1.12.0-9+esm1', 'fixed'],
    ]);
  });

  it('keeps modules of rpm apart, by their label or by the release of the fix', () => {
    const rhel = { ...debian, id: 'rhel', versionId: '8.6' };
    const of = (book: MemoryBook, version: string, modularityLabel: string): number => {
      const packages = [pkg('rpm', 'nodejs', version, { details: { modularityLabel } })];
      return matchPackages(packages, book, { distribution: rhel }).matches.length;
    };
    const named = new MemoryBook();
    const place = { ecosystem: 'Red Hat:enterprise_linux:8', name: 'nodejs', versions: [], severity: [] };
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }] }];
    const affected = [{ ...place, ranges, module: 'nodejs:16' }];
    named.add({ kind: 'advisory', record: { id: 'CVE-1', aliases: [], upstream: [], severity: [], affected } }, 'csaf');
    const labels = ['nodejs:16:8060', 'nodejs:18:8070', ''];
    expect(labels.map((label) => of(named, '1:16.1-1', label))).toEqual([1, 0, 0]);
    const fixed = '1:16.19.1-1.module+el8.7.0+18373+704f5cef';
    const unnamed = bookOf(osv('RHSA-1', place.ecosystem, 'nodejs', [{ introduced: '0' }, { fixed }]));
    expect(labels.map((label) => of(unnamed, '1:16.1-1', label))).toEqual([1, 1, 0]);
    expect(of(unnamed, '1:14.1-1', 'nodejs:14:8060')).toBe(0);
  });

  it('knows on an earlier day only what was published then', () => {
    const book = bookOf(
      osv('PYSEC-2023-228', 'PyPI', 'pip', [{ introduced: '0' }, { fixed: '23.3' }], {
        published: '2023-10-25T18:17:00Z',
        aliases: ['CVE-2023-5752'],
      }),
    );
    book.add({ kind: 'exploited', cve: 'CVE-2023-5752', since: '2024-01-01', byRansomware: false }, 'kev');
    const subject = { name: 'x', packages: [pkg('pypi', 'pip', '20.0.2')], distribution: undefined };
    expect(assess(subject, book, { ...options, asOf: '2023-09-22' }).counts.rows).toBe(0);
    const [later] = assess(subject, book, { ...options, asOf: '2023-10-25' }).vulnerabilities;
    expect(later?.exploitedSince).toBeUndefined();
    expect(assess(subject, book, options).vulnerabilities[0]?.exploitedSince).toBe('2024-01-01');
  });

  it('ranks exploited ones first, then the probable, then the severe', () => {
    const book = bookOf(
      ...[1, 2, 3].map((number) =>
        osv(`CVE-2024-000${number}`, 'npm', 'a', [{ introduced: '0' }], {
          database_specific: { severity: number === 3 ? 'CRITICAL' : 'LOW' },
        }),
      ),
    );
    book.add({ kind: 'exploited', cve: 'CVE-2024-0001', since: '2024-02-01', byRansomware: true }, 'kev');
    book.add({ kind: 'epss', cve: 'CVE-2024-0002', score: 0.9, percentile: 0.99 }, 'epss');
    const { vulnerabilities } = assess(
      { name: 'x', packages: [pkg('npm', 'a', '1.0.0')], distribution: undefined },
      book,
      options,
    );
    expect(vulnerabilities.map(({ id }) => id)).toEqual(['CVE-2024-0001', 'CVE-2024-0002', 'CVE-2024-0003']);
  });

  it('calls a malicious package critical under its own name', () => {
    const book = bookOf({
      id: 'MAL-2024-1',
      aliases: ['GHSA-mal'],
      affected: [{ package: { ecosystem: 'npm', name: 'evil' }, versions: ['6.6.6'] }],
    });
    const packages = [pkg('npm', 'evil', '6.6.6'), pkg('npm', 'evil', '1.0.0')];
    const { vulnerabilities } = assess({ name: 'x', packages, distribution: undefined }, book, options);
    expect(vulnerabilities).toMatchObject([{ id: 'MAL-2024-1', severity: 'critical', fixState: 'not-fixed' }]);
  });

  it.each(['alpine-linux', 'alpine'])('says which packages nobody could judge, and that %s has ended', (product) => {
    const book = bookOf(osv('CVE-1', 'npm', 'a', [{ introduced: '0' }]));
    book.add({ kind: 'release-end', product, release: '3.11', end: '2021-10-31' }, 'endoflife');
    const { notChecked, problems } = assess(
      { name: 'x', packages: [pkg('apk', 'a', '1')], distribution: alpine },
      book,
      options,
    );
    expect(notChecked).toContainEqual({ what: '1 packages of alpine:3.11', why: 'no advisories for them are loaded' });
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('its support ended on 2021-10-31'),
    ]);
  });

  it('says which packages are judged by a guessed name, or by none', () => {
    const guessed = { identifiedBy: 'manifest', group: 'guessed' };
    const packages = [
      ...Array.from({ length: 7 }, (_none, index) => pkg('maven', `lib${index}`, '1')),
      pkg('maven', 'org.shop:cart', '2', { details: guessed }),
      pkg('maven', 'org.apache.commons:commons-lang3', '3', { details: { identifiedBy: 'pom.properties' } }),
      pkg('maven', 'owned', '1', { ownedBy: 'libowned-java 1' }),
      pkg('nuget', 'Newtonsoft.Json', '12.0.3', { details: { identifiedBy: 'version resource' } }),
      pkg('nuget', 'Sure', '1'),
    ];
    const { notChecked } = assess({ name: 'x', packages, distribution: undefined }, bookOf(), options);
    expect(notChecked.map(({ what }) => what).filter((what) => what.includes('('))).toEqual([
      '7 Java libraries without a group (lib0 1, lib1 1, lib2 1, lib3 1, lib4 1 and 2 more)',
      '1 Java libraries whose group is a guess (org.shop:cart 2)',
      '1 assemblies of .NET by the name of their file (Newtonsoft.Json 12.0.3)',
    ]);
    const sure = [pkg('maven', 'a:b', '1'), pkg('nuget', 'Sure', '1')];
    const without = assess({ name: 'x', packages: sure, distribution: undefined }, bookOf(), options);
    expect(without.notChecked.filter(({ what }) => what.includes('('))).toEqual([]);
  });

  it('passes on what Debian says of packages that it supports no more', () => {
    const book = bookOf(osv('CVE-1', 'Debian:12', 'bash', [{ introduced: '0' }]));
    const limit = { kind: 'support', level: 'ended', since: '2025-10-01', why: 'No backports' } as const;
    book.add({ ...limit, release: '12', package: 'dnsdist' }, 'debian-support');
    book.add({ ...limit, release: '11', package: 'bash' }, 'debian-support');
    const packages = [pkg('deb', 'dnsdist', '1.7.3-2'), pkg('deb', 'bash', '5.2')];
    const { notChecked } = assess({ name: 'x', packages, distribution: debian }, book, options);
    expect(notChecked.filter(({ what }) => what.startsWith('source package'))).toEqual([
      { what: 'source package dnsdist', why: 'has no security support since 2025-10-01: No backports' },
    ]);
  });
});

it('an image that names one old package without end is told as far as the bound', () => {
  const records = Array.from({ length: 300 }, (_none, index) => osv(`X-${index}`, 'Alpine:v3.11', 'openssl', untilFix));
  const packages = Array.from({ length: 1500 }, (_none, index) => pkg('apk', `p${index}`, '1.1.1d-r3', openssl));
  const { counts, problems, notChecked } = assess(
    { name: 'x', packages, distribution: alpine },
    bookOf(...records),
    options,
  );
  expect(counts).toEqual({ rows: 300_000, unique: 300, actionable: 300 });
  expect(problems.at(-1)).toEqual({
    code: 'limit-reached',
    at: {},
    message: 'more than 300000 advisories fit: 500 packages were not looked at',
  });
  expect(notChecked).toContainEqual({
    what: '500 packages',
    why: 'those before them fit more than 300000 advisories',
  });
});
