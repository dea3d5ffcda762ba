import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { parseReport, readReport } from './read-report.ts';
import type { ScannerReport } from './report.ts';

function report(json: object): ScannerReport {
  const found = parseReport(JSON.stringify(json), 'report.json');
  if (found === undefined) throw new Error('it is no report');
  return found;
}

const musl = { id: 'CVE-2020-28928', package: 'musl', version: '1.1.24-r2', isByCpe: false, aliases: [] };

describe('reports of other scanners', () => {
  it('of Grype in SARIF have the vulnerability and the package in the text of the rule', () => {
    const help =
      'Vulnerability GO-2022-1\nSeverity: medium\nPackage: net\nVersion: 0.1.0\nFix Version: 0.2.0\nLocation: /app';
    const rules = [{ id: 'GO-2022-0001-net', help: { text: help }, properties: { purls: ['pkg:golang/net@9'] } }];
    const found = report({
      runs: [
        {
          tool: { driver: { name: 'grype', version: '0.87.0', rules } },
          results: [
            { ruleId: 'GO-2022-0001-net', message: { text: 'A medium vulnerability in go package: net' } },
            { ruleId: 'GO-2022-0001-net', message: { text: 'again, of another place' } },
            { ruleId: 'aws-access-key-id', message: { text: 'a secret' } },
          ],
        },
      ],
    });
    expect(found).toMatchObject({ scanner: 'grype 0.87.0', unread: 1 });
    expect(found.rows).toEqual([
      {
        id: 'GO-2022-0001',
        aliases: [],
        package: 'net',
        version: '0.1.0',
        fixed: '0.2.0',
        isByCpe: false,
        severity: 'medium',
        location: '/app',
      },
    ]);
  });

  it('of older Docker Scout have one package URL, and ids of other databases', () => {
    const properties = { purl: 'pkg:maven/com.thoughtworks.xstream/xstream@1.4.5', fixed_version: 'not fixed' };
    const found = report({
      runs: [
        {
          tool: { driver: { fullName: 'Docker Scout', rules: [{ id: 'GMS-2022-9109', properties }] } },
          results: [{ ruleId: 'GMS-2022-9109', message: { text: 'Vulnerability : GMS-2022-9109\nSeverity : LOW' } }],
        },
      ],
    });
    expect(found.rows).toMatchObject([
      { id: 'GMS-2022-9109', package: 'com.thoughtworks.xstream:xstream', version: '1.4.5', fixed: undefined },
    ]);
  });

  it('in CycloneDX join vulnerabilities to components, or to package URLs behind a BOM-Link', () => {
    const found = report({
      bomFormat: 'CycloneDX',
      metadata: {
        timestamp: '2024-12-04T15:30:43+02:00',
        tools: { components: [{ name: 'grype', version: '0.87.0' }] },
        component: { name: 'shop', properties: [{ name: 'aquasecurity:trivy:ImageID', value: 'sha256:1' }] },
      },
      components: [{ 'bom-ref': 'c1', name: 'musl', version: '1.1.24-r2' }],
      vulnerabilities: [
        {
          id: 'CVE-2020-28928',
          ratings: [{ severity: 'medium' }],
          recommendation: 'Upgrade zlib to version 9; Upgrade musl to version 1.1.24-r3',
          affects: [{ ref: 'c1' }, { ref: 'urn:cdx:7/1#pkg%3Apypi%2Fpip%4020.0.2' }],
        },
        { id: 'CVE-2020-2', analysis: { state: 'not_affected' }, affects: [{ ref: 'c1' }] },
        { id: 'CVE-2020-3' },
      ],
    });
    expect(found).toMatchObject({ scanner: 'Grype 0.87.0', target: { imageId: 'sha256:1' }, unread: 1 });
    expect(found.rows).toEqual([
      { ...musl, fixed: '1.1.24-r3', severity: 'medium' },
      { ...musl, package: 'pip', version: '20.0.2', fixed: undefined, severity: 'medium' },
    ]);
  });

  it('for GitLab name the package at the place', () => {
    const found = report({
      version: '15.0.4',
      scan: { scanner: { id: 'trivy', name: 'Trivy', version: '0.50' }, end_time: '2024-01-01T00:00:00' },
      vulnerabilities: [
        {
          id: 'a1',
          severity: 'Medium',
          solution: 'Upgrade musl to 1.1.24-r3',
          location: {
            dependency: { package: { name: 'musl' }, version: '1.1.24-r2' },
            operating_system: 'alpine 3.11.5',
            image: 'shop:1',
          },
          identifiers: [
            { type: 'cve', name: 'CVE-2020-28928', value: 'CVE-2020-28928' },
            { type: 'cwe', name: 'CWE-787', value: '787' },
          ],
        },
        { id: 'a2', identifiers: [] },
      ],
    });
    expect(found).toMatchObject({ scanner: 'Trivy 0.50', target: { name: 'shop:1', system: 'alpine 3.11.5' } });
    expect(found.rows).toEqual([{ ...musl, fixed: '1.1.24-r3', severity: 'medium' }]);
    expect(found.unread).toBe(1);
  });

  it('for the code quality of GitLab name the package in their description', () => {
    const issue = { type: 'issue', check_name: 'container_scanning', fingerprint: 'a', location: { path: 'shop:1' } };
    const found = report([
      { ...issue, description: 'CVE-2020-28928 - musl - 1.1.24-r2 - musl libc: overflow' },
      { ...issue, description: 'Image user should not be root' },
    ]);
    expect(found).toMatchObject({ scanner: 'GitLab code quality', unread: 1 });
    expect(found.rows).toEqual([{ ...musl, fixed: undefined, location: 'shop:1' }]);
  });

  it('for AWS Security Hub name the package in the vulnerability or beside the resource', () => {
    const finding = {
      SchemaVersion: '2018-10-08',
      ProductArn: 'arn:aws:x',
      UpdatedAt: '2024-01-01T00:00:00Z',
      Severity: { Label: 'MEDIUM' },
    };
    const packages = [
      { Name: 'musl', Version: '1.1.24', Release: 'r2', Epoch: '0', FixedInVersion: '1.1.24-r3', FilePath: '/lib/apk' },
      { Name: 'musl-dev', Version: '1.1.24', Release: 'r2', Epoch: '1', FixedInVersion: 'NotAvailable' },
    ];
    const other = {
      'CVE ID': 'CVE-2020-28928',
      PkgName: 'musl',
      'Installed Package': '1.1.24-r2',
      'Patched Package': '1.1.24-r3',
    };
    const found = report({
      Findings: [
        {
          ...finding,
          ProductName: 'Inspector',
          Vulnerabilities: [{ Id: 'CVE-2020-28928', VulnerablePackages: packages }],
        },
        { ...finding, Resources: [{ Type: 'Container', Details: { Other: other } }] },
        { ...finding, Title: 'a secret' },
      ],
    });
    expect(found).toMatchObject({ scanner: 'Inspector', createdAt: '2024-01-01T00:00:00Z', unread: 1 });
    expect(found.rows).toEqual([
      { ...musl, fixed: '1.1.24-r3', severity: 'medium', location: '/lib/apk' },
      { ...musl, package: 'musl-dev', version: '1:1.1.24-r2', fixed: undefined, severity: 'medium' },
      { ...musl, fixed: '1.1.24-r3', severity: 'medium' },
    ]);
  });

  it('of OSV-Scanner have a record of each database', () => {
    const affected = [{ package: { name: 'pip' }, ranges: [{ events: [{ introduced: '0' }, { fixed: '23.3' }] }] }];
    const found = report({
      results: [
        {
          source: { path: '/app/requirements.txt', type: 'lockfile' },
          packages: [
            {
              package: { name: 'pip', version: '20.0.2', ecosystem: 'PyPI' },
              vulnerabilities: [{ id: 'GHSA-mq26-g339-26xf', aliases: ['CVE-2023-5752'], affected }],
            },
          ],
        },
      ],
    });
    expect(found.rows).toEqual([
      {
        id: 'GHSA-mq26-g339-26xf',
        aliases: ['CVE-2023-5752'],
        package: 'pip',
        version: '20.0.2',
        fixed: '23.3',
        isByCpe: false,
        location: '/app/requirements.txt',
      },
    ]);
  });
});

describe('what is no report', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-compare-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const errorOf = (content: string | Buffer): string => {
    const path = join(folder, 'x.json');
    writeFileSync(path, content);
    try {
      readReport(path);
      return 'it was read';
    } catch (error) {
      return (error as Error).message.replace(path, 'x');
    }
  };

  it('is told for what it is', () => {
    expect(errorOf('')).toBe('"x" is empty');
    expect(errorOf('\n\n')).toBe('"x" is empty');
    expect(errorOf('{"matches":[{"vulnerability":{"id":"CVE-2')).toBe('"x" ends in the middle: it is no whole report');
    expect(errorOf('{"matches":[{}')).toBe('"x" ends in the middle: it is no whole report');
    expect(errorOf('Error: no database')).toBe('"x" is no report: it is no JSON');
    expect(errorOf('{"a":1}')).toBe('"x" is no report that is understood');
    expect(errorOf('{"spdxVersion":"SPDX-2.3"}')).toBe('"x" is a bill of materials and lists no vulnerabilities');
    expect(errorOf(`{"matches":[${'{},'.repeat(12_000_001)}{}]}`)).toContain('more than fit into memory');
    mkdirSync(join(folder, 'd'));
    expect(() => readReport(join(folder, 'd'))).toThrow('is no file');
  });

  it('is read when it is compressed, or begins with a mark', () => {
    expect(errorOf(gzipSync('{"matches":[]}'))).toBe('it was read');
    expect(errorOf('\uFEFF{"matches":[]}')).toBe('it was read');
    expect(errorOf(gzipSync('{"matches":[]}').subarray(0, 20))).toContain('cannot be unpacked');
  });

  it('costs no more than its length, whatever its texts are', () => {
    const text = `${' '.repeat(2_000_000)}x`;
    const started = process.cpuUsage();
    report({ runs: [{ tool: { driver: {} }, results: [{ ruleId: 'CVE-2020-1', message: { text } }] }] });
    const { user, system } = process.cpuUsage(started);
    expect(user + system).toBeLessThan(2_000_000);
  });
});
