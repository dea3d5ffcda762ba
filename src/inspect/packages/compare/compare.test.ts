import { describe, expect, it } from 'vitest';
import { MemoryBook } from '../advisories/memory-book.ts';
import { toOsvRecord } from '../advisories/osv.ts';
import { assess } from '../matching/assess.ts';
import type { Package, PackageType } from '../package.ts';
import { purlOf } from '../purl.ts';
import { lineUp } from './line-up.ts';
import { parseReport } from './read-report.ts';
import type { ScannerReport } from './report.ts';

function pkg(type: PackageType, name: string, version: string, more: Partial<Package> = {}): Package {
  const purl = purlOf(type, name, version);
  return { type, name, version, purl, licenses: [], locations: [], files: [], foundBy: 'test', ...more };
}

function report(json: object): ScannerReport {
  const found = parseReport(JSON.stringify(json), 'report.json');
  if (found === undefined) throw new Error('it is no report');
  return found;
}

const trivy = report({
  SchemaVersion: 2,
  Trivy: { Version: '0.50.0' },
  CreatedAt: '2023-09-22T10:00:00Z',
  Results: [
    {
      Vulnerabilities: [
        { VulnerabilityID: 'CVE-2023-1', PkgName: 'requests', InstalledVersion: '2.20.0', FixedVersion: '2.31.0' },
        { VulnerabilityID: 'CVE-2023-9', PkgName: 'requests', InstalledVersion: '2.20.0' },
      ],
    },
  ],
});

const grype = report({
  descriptor: { name: 'grype', version: '0.63.1', timestamp: '2023-09-22T10:00:00Z' },
  matches: [
    {
      vulnerability: { id: 'GHSA-aaaa-bbbb-cccc', fix: { versions: ['2.31.0'], state: 'fixed' } },
      relatedVulnerabilities: [{ id: 'CVE-2023-1' }],
      matchDetails: [{ type: 'exact-direct-match' }],
      artifact: { name: 'requests', version: '2.20.0' },
    },
    {
      vulnerability: { id: 'CVE-2023-1', fix: { versions: [], state: 'unknown' } },
      matchDetails: [{ type: 'cpe-match' }],
      artifact: { name: 'requests', version: '2.20.0' },
    },
    {
      vulnerability: { id: 'CVE-2022-2', fix: {} },
      matchDetails: [{ type: 'cpe-match' }],
      artifact: { name: 'requests', version: '2.20.0' },
    },
    { vulnerability: { id: 'CVE-2020-3' }, artifact: { name: 'ghost', version: '1' } },
  ],
});

function book(): MemoryBook {
  const filled = new MemoryBook();
  const records = [
    {
      id: 'PYSEC-1',
      aliases: ['CVE-2023-1', 'GHSA-aaaa-bbbb-cccc'],
      fixed: '2.31.0',
      published: '2023-05-22T00:00:00Z',
    },
    { id: 'PYSEC-2', aliases: ['CVE-2023-9'], fixed: '2.10.0', published: '2023-05-22T00:00:00Z' },
    { id: 'PYSEC-3', aliases: ['CVE-2024-4'], fixed: '3.0.0', published: '2024-05-20T00:00:00Z' },
  ];
  for (const { id, aliases, fixed, published } of records) {
    const ranges = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }];
    const record = toOsvRecord({
      id,
      aliases,
      published,
      affected: [{ package: { ecosystem: 'PyPI', name: 'requests' }, ranges }],
    });
    if (record !== undefined) filled.add({ kind: 'advisory', record }, 'osv');
  }
  return filled;
}

describe('the comparison with other scanners', () => {
  const subject = { name: 'app', packages: [pkg('pypi', 'requests', '2.20.0')], distribution: undefined };
  const filled = book();
  const assessment = assess(subject, filled, { today: '2026-11-26', vex: [], ignores: [] });
  const { tallies, lines } = lineUp([trivy, grype], {
    subject,
    assessment,
    book: filled,
    asOf: undefined,
    today: '2026-11-26',
    dataDate: '2024-10-10',
  });

  it('counts as each scanner counts, and without doubles', () => {
    expect(tallies).toEqual([
      { scanner: 'Vakthund', rows: 2, unique: 2, withFix: 2, doubles: 0, day: '2024-10-10' },
      { scanner: 'Trivy 0.50.0', rows: 2, unique: 2, withFix: 1, doubles: 0, day: '2023-09-22' },
      { scanner: 'Grype 0.63.1', rows: 4, unique: 3, withFix: 1, doubles: 1, day: '2023-09-22' },
    ]);
  });

  it('puts all names of one vulnerability into one line', () => {
    expect(lines.find(({ id }) => id === 'CVE-2023-1')).toMatchObject({
      aliases: ['GHSA-aaaa-bbbb-cccc', 'PYSEC-1'],
      isOurs: true,
      theirs: { 'Trivy 0.50.0': ['CVE-2023-1'], 'Grype 0.63.1': ['GHSA-aaaa-bbbb-cccc', 'CVE-2023-1'] },
      missing: undefined,
      absent: {},
    });
  });

  it('says why each other one is missing, here or there', () => {
    const why = (id: string): unknown => lines.find((line) => line.id === id);
    expect(why('CVE-2023-9')).toMatchObject({
      missing: { reason: 'not-affected', detail: 'osv: affected before 2.10.0' },
    });
    expect(why('CVE-2022-2')).toMatchObject({ missing: { reason: 'cpe' } });
    expect(why('CVE-2020-3')).toMatchObject({ missing: { reason: 'no-package', detail: '' } });
    expect(why('CVE-2024-4')).toMatchObject({
      isOurs: true,
      absent: { 'Trivy 0.50.0': { reason: 'later', detail: '2024-05-20' } },
    });
  });
});

describe('reports in SARIF', () => {
  it('of Docker Scout name packages by their URLs', () => {
    const scout = report({
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'docker scout',
              fullName: 'Docker Scout',
              version: '1.0.0',
              rules: [
                {
                  id: 'CVE-2022-37434',
                  properties: { purls: ['pkg:apk/alpine/zlib@1.2.11-r3?os_version=3.11'], fixed_version: 'not fixed' },
                },
              ],
            },
          },
          results: [{ ruleId: 'CVE-2022-37434', message: { text: '  Vulnerability : CVE-2022-37434\n' } }],
        },
      ],
    });
    expect(scout).toMatchObject({
      scanner: 'Docker Scout 1.0.0',
      rows: [{ id: 'CVE-2022-37434', package: 'zlib', version: '1.2.11-r3', fixed: undefined }],
    });
  });

  it('of Trivy name them in their texts', () => {
    const text = 'Package: musl\nInstalled Version: 1.1.22-r3\nVulnerability CVE-2019-14697\nFixed Version: 1.1.22-r4';
    const sarif = report({
      runs: [{ tool: { driver: { name: 'Trivy' } }, results: [{ ruleId: 'CVE-2019-14697', message: { text } }] }],
    });
    expect(sarif.rows).toEqual([
      { id: 'CVE-2019-14697', aliases: [], package: 'musl', version: '1.1.22-r3', fixed: '1.1.22-r4', isByCpe: false },
    ]);
  });

  it('are not found in other files', () => {
    expect(parseReport('{"a":1}', 'x')).toBeUndefined();
    expect(parseReport('no json', 'x')).toBeUndefined();
  });
});
