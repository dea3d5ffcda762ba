import { describe, expect, it } from 'vitest';
import { cycloneDxFaults, hasCycloneDxSchema } from '../../../../tests/support/cyclonedx-schema.ts';
import { spdxDocument } from '../../../../tests/support/spdx-schema.ts';
import type { Package } from '../package.ts';
import { toCycloneDx } from './cyclonedx-write.ts';
import { diffPackages } from './diff.ts';
import { readSbom } from './read-sbom.ts';
import type { Sbom } from './sbom.ts';
import { toSpdx } from './spdx-write.ts';

const stamp = { uuid: '7c1f0c3a-6e0b-4d8f-9a45-0123456789ab', toolVersion: '0.1.0' };
const packages: readonly Package[] = [
  {
    name: 'libssl3',
    version: '1:3.0.1-1+b2',
    type: 'deb',
    purl: 'pkg:deb/debian/libssl3@1:3.0.1-1%2Bb2?arch=amd64&distro=debian-12.15',
    source: { name: 'openssl', version: '1:3.0.1-1' },
    architecture: 'amd64',
    licenses: ['Apache-2.0', 'something of its own', 'GPL-2.0-only WITH nothing'],
    locations: ['/var/lib/dpkg/status', '/usr/share/doc/libssl3/copyright'],
    layer: 2,
    files: [
      {
        path: '/usr/lib/libssl.so.3',
        digest: { algorithm: 'md5', hex: '0123456789abcdef0123456789abcdef' },
        mode: 0o644,
        uid: 0,
        gid: 0,
      },
      { path: '/etc/ssl/openssl.cnf', isConfig: true },
    ],
    installedAt: 1_704_067_200_000_000,
    foundBy: 'dpkg',
    details: { maintainer: 'Debian OpenSSL Team <pkg-openssl@example.org>' },
  },
  {
    name: '@Scope/Thing',
    version: '1.0.0',
    type: 'npm',
    purl: 'pkg:npm/%40scope/thing@1.0.0',
    licenses: ['MIT'],
    locations: ['/app/yarn.lock'],
    files: [],
    isDevelopment: true,
    ownedBy: 'node-thing 1.0',
    foundBy: 'node-lock',
    details: { alias: 'x', 'odd key': 'a=b' },
  },
  {
    name: 'org.example:app',
    version: '',
    type: 'maven',
    purl: 'pkg:maven/org.example/app',
    licenses: ['MIT OR Apache-2.0'],
    locations: ['/a.jar!b.jar'],
    files: [],
    isProject: true,
    foundBy: 'java',
  },
  {
    name: 'ShareSDK/Core',
    version: '1.0',
    type: 'cocoapods',
    purl: 'pkg:cocoapods/ShareSDK@1.0#Core',
    licenses: ['MIT', 'ISC'],
    locations: ['/Podfile.lock'],
    files: [],
    foundBy: 'cocoapods',
  },
  {
    name: 'ShareSDK/Core',
    version: '1.0',
    type: 'cocoapods',
    purl: 'pkg:cocoapods/ShareSDK@1.0#Core',
    licenses: [],
    locations: ['/other/Podfile.lock'],
    files: [],
    foundBy: 'cocoapods',
  },
];
const sbom: Sbom = {
  subject: { name: 'example/app:1', kind: 'image', digest: 'sha256:abc' },
  created: 1_704_067_200_000_000,
  distribution: {
    id: 'debian',
    idLike: ['x', 'y'],
    versionId: '12',
    codename: 'bookworm',
    prettyName: 'Debian 12',
    exactRelease: '12.15',
  },
  packages,
};
const withoutFiles = { ...sbom, packages: packages.map((one) => ({ ...one, files: [] })) };
const textOf = (document: unknown): string => JSON.stringify(document);
const written = (document: unknown) => JSON.parse(textOf(document)) as Record<string, unknown>;

describe('a bill of materials', () => {
  it.skipIf(!hasCycloneDxSchema)('keeps to the schema of CycloneDX', () => {
    expect(cycloneDxFaults(JSON.parse(textOf(toCycloneDx(sbom, { ...stamp, withFiles: true }))), '1.6')).toEqual([]);
    expect(cycloneDxFaults({ bomFormat: 'CycloneDX' }, '1.6')).not.toEqual([]);
  });

  it('keeps to what SPDX asks', () => {
    expect(spdxDocument.safeParse(JSON.parse(textOf(toSpdx(sbom, stamp)))).error).toBeUndefined();
  });

  it('names who a package comes from', () => {
    expect(written(toCycloneDx(sbom, stamp))['components']).toMatchObject([
      {},
      { supplier: { name: 'Debian OpenSSL Team' } },
      {},
      {},
      {},
      {},
    ]);
    expect(written(toSpdx(sbom, stamp))['packages']).toMatchObject([
      {},
      {},
      { supplier: 'Organization: Debian OpenSSL Team (pkg-openssl@example.org)' },
      { supplier: 'NOASSERTION' },
      {},
      {},
      {},
    ]);
  });

  it('comes back from CycloneDX as it was, files too when they are asked for', () => {
    expect(readSbom(textOf(toCycloneDx(sbom, { ...stamp, withFiles: true })))).toEqual({
      sbom,
      format: 'CycloneDX 1.6',
      problems: [],
    });
    expect(readSbom(textOf(toCycloneDx(sbom, stamp))).sbom).toEqual(withoutFiles);
  });

  it('comes back from SPDX as it was, without files', () => {
    expect(readSbom(textOf(toSpdx(sbom, stamp)))).toEqual({ sbom: withoutFiles, format: 'SPDX 2.3', problems: [] });
  });

  it('is read from an attestation', () => {
    const statement = { predicateType: 'https://cyclonedx.org/bom', predicate: { Data: toCycloneDx(sbom, stamp) } };
    const envelope = {
      payloadType: 'application/vnd.in-toto+json',
      payload: Buffer.from(textOf(statement)).toString('base64'),
    };
    expect(readSbom(textOf(envelope)).sbom).toEqual(withoutFiles);
  });

  it('of another tool has its sources and epochs', () => {
    const component = (purl: string, properties: Readonly<Record<string, string>> = {}) => ({
      type: 'library',
      name: 'openssl-libs',
      purl,
      properties: Object.entries(properties).map(([name, value]) => ({ name, value })),
    });
    const document = {
      bomFormat: 'CycloneDX',
      specVersion: '1.4',
      components: [
        component('pkg:rpm/centos/openssl-libs@1.0.2k-16.el7?arch=x86_64&epoch=1&distro=centos-7.6.1810', {
          'aquasecurity:trivy:SrcName': 'openssl',
          'aquasecurity:trivy:SrcVersion': '1.0.2k',
          'aquasecurity:trivy:SrcRelease': '16.el7',
          'aquasecurity:trivy:SrcEpoch': '1',
        }),
        component('pkg:deb/debian/openssl-libs@3.0?upstream=openssl%403.0-1', {
          'syft:location:0:path': '/var/lib/dpkg/status',
        }),
        { type: 'operating-system', name: 'centos', version: '7.6.1810' },
        { type: 'library', name: 'nameless' },
        component('pkg:k8s/openssl-libs@1'),
      ],
    };
    const { sbom: read, problems, format } = readSbom(textOf(document));
    expect(read).toMatchObject({
      distribution: { id: 'centos', versionId: '7', exactRelease: '7.6.1810' },
      packages: [
        { version: '1:1.0.2k-16.el7', source: { name: 'openssl', version: '1:1.0.2k-16.el7' }, architecture: 'x86_64' },
        { source: { name: 'openssl', version: '3.0-1' }, locations: ['/var/lib/dpkg/status'] },
        { type: 'generic', details: { purlType: 'k8s' } },
      ],
    });
    expect(format).toBe('CycloneDX 1.4');
    expect(problems).toMatchObject([{ message: 'the component "nameless" has no package URL; it was left out' }]);
  });

  it.each([
    ['alma', '8.5', 'almalinux', '8.5'],
    ['redhat', '7.7', 'rhel', '7.7'],
    ['debian', '12.15', 'debian', '12'],
    ['alpine', '3.11.5', 'alpine', '3.11.5'],
  ])('knows the distribution that others call %s %s', (name, version, id, versionId) => {
    const document = { bomFormat: 'CycloneDX', components: [{ type: 'operating-system', name, version }] };
    expect(readSbom(textOf(document)).sbom.distribution).toMatchObject({ id, versionId });
  });

  it('in tag-value form is read like one in JSON', () => {
    const text = `SPDXVersion: SPDX-2.2
DocumentName: centos.tar
Created: 2022-09-13T13:24:58Z
PackageName: centos.tar
SPDXID: SPDXRef-ContainerImage-1
PackageName: centos
SPDXID: SPDXRef-OperatingSystem-1
PackageVersion: 7.6.1810
# a comment: x
PackageName: bash
SPDXID: SPDXRef-Package-1
PackageVersion: 4.2.46
PackageSourceInfo: built package from: bash 4.2.46-31.el7
PackageCopyrightText: <text>several
lines: of it</text>
PackageLicenseDeclared: LicenseRef-1
ExternalRef: PACKAGE-MANAGER purl pkg:rpm/centos/bash@4.2.46-31.el7?arch=x86_64
LicenseID: LicenseRef-1
ExtractedText: <text>GPLv3+
or so</text>
Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-ContainerImage-1
`;
    expect(readSbom(text)).toMatchObject({
      format: 'SPDX 2.2',
      problems: [],
      sbom: {
        subject: { name: 'centos.tar', kind: 'image' },
        distribution: { id: 'centos', versionId: '7' },
        packages: [
          {
            name: 'bash',
            version: '4.2.46-31.el7',
            licenses: ['GPLv3+\nor so'],
            source: { name: 'bash', version: '4.2.46-31.el7' },
          },
        ],
      },
    });
  });

  it.each(['', 'text', '{', '[]', '{"payload":"e30="}', '{"predicate":{"predicate":{"predicate":{"predicate":{}}}}}'])(
    'is none: %s',
    (text) => {
      expect(() => readSbom(text)).toThrow(/no bill of materials/);
    },
  );
});

it('two bills differ by what came, went, and changed', () => {
  const one = (name: string, version: string): Package => ({
    name,
    version,
    type: 'npm',
    purl: `pkg:npm/${name}@${version}`,
    licenses: [],
    locations: [],
    files: [],
    foundBy: 'node',
  });
  const difference = diffPackages(
    [one('same', '1'), one('gone', '1'), one('moved', '1'), one('many', '1'), one('many', '2')],
    [one('many', '2'), one('same', '1'), one('moved', '2'), one('new', '1'), one('many', '1')],
  );
  expect(difference).toMatchObject({
    added: [{ name: 'new' }],
    removed: [{ name: 'gone' }],
    changed: [{ name: 'moved', from: ['1'], to: ['2'] }],
  });
});

it('what an SPDX document describes is no package in it, even when an image or product has a package URL', () => {
  const purl = (referenceLocator: string) => [
    { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator },
  ];
  const document = (described: string) => ({
    // Files come first where Microsoft's tool writes it, and the version last.
    files: [{ fileName: './a.dll', SPDXID: 'SPDXRef-File--a.dll-E5', checksums: [] }],
    packages: [
      {
        name: 'Newtonsoft.Json',
        SPDXID: 'SPDXRef-Package-1',
        versionInfo: '13.0.1',
        externalRefs: purl('pkg:nuget/Newtonsoft.Json@13.0.1'),
      },
      { name: 'app', SPDXID: 'SPDXRef-RootPackage', versionInfo: '1.0', externalRefs: purl(described) },
    ],
    documentDescribes: ['SPDXRef-RootPackage'],
    spdxVersion: 'SPDX-2.2',
  });
  const named = (described: string) => {
    const { sbom: read } = readSbom(textOf(document(described)));
    return [read.subject.name, ...read.packages.map(({ name }) => name)];
  };
  expect(named('pkg:swid/Contoso/contoso.com/app@1.0?tag_id=1')).toEqual(['app', 'Newtonsoft.Json']);
  expect(named('pkg:oci/app@sha256:00?tag=1')).toEqual(['app', 'Newtonsoft.Json']);
  // A library is a package, whoever describes it.
  expect(named('pkg:npm/app@1.0')).toEqual(['', 'Newtonsoft.Json', 'app']);
});

it('what GitHub exports of a repository is read, and what it is sent', () => {
  const reference = { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: 'pkg:npm/a@1.0' };
  const exported = {
    sbom: {
      spdxVersion: 'SPDX-2.3',
      packages: [{ name: 'npm:a', SPDXID: 'SPDXRef-npm-a', externalRefs: [reference] }],
    },
  };
  expect(readSbom(textOf(exported)).sbom.packages).toMatchObject([{ name: 'a', version: '1.0', type: 'npm' }]);
  const resolved = {
    a: { package_url: 'pkg:npm/a@1.0', relationship: 'direct', scope: 'runtime' },
    b: { package_url: 'pkg:npm/b@2.0', scope: 'development' },
    c: { metadata: {} },
  };
  const manifest = { name: 'lock', file: { source_location: 'app/package-lock.json' }, resolved };
  const snapshot = {
    version: 0,
    detector: { name: 'x' },
    scanned: '2024-01-01T00:00:00Z',
    manifests: { lock: manifest },
  };
  const { sbom: read, problems, format } = readSbom(textOf(snapshot));
  expect(read.packages).toMatchObject([
    { name: 'a', version: '1.0', locations: ['/app/package-lock.json'] },
    { name: 'b', isDevelopment: true },
  ]);
  expect([format, problems.map(({ message }) => message)]).toEqual([
    'snapshot of GitHub',
    ['the dependency "c" has no package URL; it was left out'],
  ]);
});
