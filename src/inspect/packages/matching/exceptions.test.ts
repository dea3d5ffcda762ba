import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readVex } from '../advisories/vex/read-vex.ts';
import type { Package, PackageType } from '../package.ts';
import { purlOf } from '../purl.ts';
import { findIgnore, readIgnores } from './ignores.ts';
import type { Vulnerability } from './vulnerabilities.ts';
import { VexIndex, type VexSubject } from './vex.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-exceptions-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function vulnerability(
  id: string,
  type: PackageType,
  name: string,
  version: string,
  aliases: string[] = [],
): Vulnerability {
  const purl = purlOf(type, name, version);
  const pkg: Package = { type, name, version, purl, licenses: [], locations: [], files: [], foundBy: 'test' };
  return {
    id,
    aliases,
    package: pkg,
    ecosystem: '',
    fixed: undefined,
    fixState: 'not-fixed',
    severity: 'high',
    epss: undefined,
    exploitedSince: undefined,
    summary: undefined,
    published: undefined,
    origins: [],
  };
}

const openVex = (statements: readonly object[]): string =>
  JSON.stringify({
    '@context': 'https://openvex.dev/ns/v0.2.0',
    author: 'A',
    timestamp: '2024-01-01T00:00:00Z',
    statements,
  });

function index(text: string, subject: VexSubject = { name: '', purls: [] }): VexIndex {
  return new VexIndex(readVex(text, 'vex.json') ?? [], subject);
}

describe('VEX', () => {
  it('about an image is about this build of it alone, and about all in it when no part is named', () => {
    const [mine, other] = [`sha256:${'a'.repeat(64)}`, `sha256:${'b'.repeat(64)}`];
    const subject = { name: 'registry.example/team/app:1', digests: [mine], purls: [] };
    const isTold = (product: string, parts: readonly string[] = []): boolean => {
      const products = [{ '@id': product, subcomponents: parts.map((part) => ({ '@id': part })) }];
      const text = openVex([{ vulnerability: { name: 'CVE-1' }, products, status: 'not_affected' }]);
      return index(text, subject).find(vulnerability('CVE-1', 'apk', 'zlib', '1')) !== undefined;
    };
    expect(isTold(`pkg:oci/app@${mine}`)).toBe(true);
    expect(isTold(`pkg:oci/app@${mine.replace(':', '%3A')}`, ['pkg:apk/zlib'])).toBe(true);
    expect(isTold(`pkg:oci/app@${mine}`, ['pkg:apk/musl'])).toBe(false);
    expect(isTold(`pkg:oci/app@${other}`)).toBe(false);
    expect(isTold(`pkg:oci/app@${other}`, ['pkg:apk/zlib'])).toBe(false);
    expect(isTold('pkg:oci/app?repository_url=registry.example/team')).toBe(true);
    expect(isTold('pkg:oci/app?repository_url=registry.example/team/app')).toBe(true);
    expect(isTold('pkg:oci/app?repository_url=elsewhere.example/team')).toBe(false);
    expect(isTold('pkg:oci/nginx')).toBe(false);
  });

  const boot = 'pkg:maven/org.springframework.boot/spring-boot@2.6.0';

  it('of OpenVEX is about the package and its version, under any name; the latest statement counts', () => {
    const vex = index(
      openVex([
        {
          vulnerability: { name: 'CVE-1', aliases: ['GHSA-1'] },
          products: [{ '@id': boot }],
          status: 'affected',
          timestamp: '2023-01-01T00:00:00Z',
        },
        {
          vulnerability: { name: 'CVE-1' },
          products: [{ '@id': boot }],
          status: 'not_affected',
          justification: 'vulnerable_code_not_present',
        },
      ]),
    );
    const name = 'org.springframework.boot:spring-boot';
    expect(vex.find(vulnerability('CVE-1', 'maven', name, '2.6.0'))).toMatchObject({
      status: 'not_affected',
      why: 'vulnerable_code_not_present',
    });
    expect(vex.find(vulnerability('GHSA-1', 'maven', name, '2.6.0'))?.status).toBe('affected');
    expect(vex.find(vulnerability('CVE-1', 'maven', name, '2.6.1'))).toBeUndefined();
  });

  it('about a part counts in the product only', () => {
    const text = openVex([
      {
        vulnerability: { name: 'CVE-2' },
        products: [{ '@id': 'pkg:oci/debian', subcomponents: [{ '@id': 'pkg:generic/bash' }] }],
        status: 'not_affected',
      },
    ]);
    const bash = vulnerability('CVE-2', 'generic', 'bash', '5.2');
    expect(index(text, { name: 'docker.io/library/debian:12', purls: [] }).find(bash)?.status).toBe('not_affected');
    expect(index(text, { name: 'ubuntu:22.04', purls: [] }).find(bash)).toBeUndefined();
  });

  it('of CycloneDX is found through the reference to another document', () => {
    const text = JSON.stringify({
      bomFormat: 'CycloneDX',
      vulnerabilities: [
        {
          id: 'CVE-1',
          analysis: { state: 'false_positive', justification: 'code_not_reachable' },
          affects: [{ ref: `urn:cdx:3e671687/1#${boot}` }],
        },
      ],
    });
    const found = index(text).find(vulnerability('CVE-1', 'maven', 'org.springframework.boot:spring-boot', '2.6.0'));
    expect(found).toMatchObject({ status: 'not_affected', why: 'code_not_reachable' });
  });

  it('of CSAF is found through the product tree', () => {
    const text = JSON.stringify({
      document: {
        csaf_version: '2.0',
        publisher: { name: 'Example' },
        tracking: { current_release_date: '2022-03-03T11:00:00Z' },
      },
      product_tree: {
        branches: [
          { product: { product_id: 'p1', product_identification_helper: { purl: 'pkg:golang/example.com/a@v4.0.0' } } },
        ],
      },
      vulnerabilities: [
        {
          cve: 'CVE-3',
          product_status: { known_not_affected: ['p1'] },
          threats: [{ category: 'impact', details: 'not called' }],
        },
      ],
    });
    const found = index(text).find(vulnerability('CVE-3', 'golang', 'example.com/a', 'v4.0.0'));
    expect(found).toMatchObject({ status: 'not_affected', why: 'not called', from: 'vex.json, Example' });
  });

  it('is not taken out of other files', () => {
    expect(readVex('{"a":1}', 'x')).toBeUndefined();
  });
});

describe('ignores', () => {
  const write = (text: string): string => {
    const path = join(folder, `${text.length}`);
    writeFileSync(path, text);
    return path;
  };
  const openssl = vulnerability('CVE-2024-1', 'npm', 'a', '1.0.0', ['GHSA-1']);

  it('as lines have an end and a reason; the end is the last day', () => {
    const { ignores, problems } = readIgnores(
      write('# ours\nGHSA-1 exp:2026-12-31 # not reachable\nCVE-9\nnot a line at all\n'),
    );
    expect(ignores).toMatchObject([
      { id: 'GHSA-1', until: '2026-12-31', reason: 'not reachable' },
      { id: 'CVE-9', until: undefined },
    ]);
    expect(problems.map(({ message }) => message)).toEqual([
      'the line is no id with an end and a reason',
      '"CVE-9" is ignored without a reason',
    ]);
    expect(findIgnore(openssl, ignores, '2026-12-31')?.reason).toBe('not reachable');
    expect(findIgnore(openssl, ignores, '2027-01-01')).toBeUndefined();
  });

  it('as YAML may be limited to packages', () => {
    const entry = (purl: string): string =>
      `vulnerabilities:\n  - id: CVE-2024-1\n    statement: accepted\n    expired_at: 2026-12-31\n    purls:\n      - ${purl}\n`;
    expect(findIgnore(openssl, readIgnores(write(entry('pkg:npm/a'))).ignores, '2026-01-01')?.reason).toBe('accepted');
    expect(findIgnore(openssl, readIgnores(write(entry('pkg:npm/another'))).ignores, '2026-01-01')).toBeUndefined();
  });

  it('with an end that is no day do not count', () => {
    expect(readIgnores(write('CVE-1 exp:soon # x\n'))).toMatchObject({
      ignores: [],
      problems: [{ code: 'bad-record' }],
    });
  });
});
