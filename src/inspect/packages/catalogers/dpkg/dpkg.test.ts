import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { catalogTree } from '../../catalog.ts';

const status = `Package: tar
Status: install ok installed
Architecture: amd64
Version: 1.34+dfsg-1.2
Conffiles:
 /etc/rmt.conf 0123456789abcdef0123456789abcdef
 /etc/old.conf 0123456789abcdef0123456789abcdef obsolete
Description: GNU version of the tar archiving utility
 It reads tapes.
 .
 And files.

Package: libssl3
Status: hold ok installed
Architecture: amd64
Multi-Arch: same
Source: openssl (3.0.1-1)
Version: 3.0.1-1+b2

Package: gone
Status: deinstall ok config-files
Version: 1.0

Package: nameless-version
Status: install ok installed
no field here

Package: epoch
Status: install ok half-configured
Version: 1:2.0~rc1-3
Source: epoch-src`;

const tree = new MemoryTree({
  '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
  '/etc/debian_version': '12.15',
  '/var/lib/dpkg/status': status,
  '/var/lib/dpkg/info/tar.list': '/.\n/etc\n/etc/rmt.conf\n/usr\n/usr/bin\n/usr/bin/tar\n/usr/share/man/tar.1\n',
  '/var/lib/dpkg/info/tar.md5sums': '25de5fcdc3c8ebd9c9f599fb7a899b40  usr/bin/tar\nbad line\n',
  '/var/lib/dpkg/info/libssl3:amd64.list': '/.\n/usr/lib/libssl.so.3\n',
  '/var/lib/dpkg/diversions': '/usr/share/man/tar.1\n/usr/share/man/tar.1.gnu\nbsdtar\n',
});

describe('the database of dpkg', () => {
  const { packages, problems } = catalogTree(tree);
  const named = (name: string) => packages.find((one) => one.name === name);

  it('gives what is installed, whatever was wished for', () => {
    expect(packages.map(({ name, version }) => `${name} ${version}`)).toEqual([
      'epoch 1:2.0~rc1-3',
      'libssl3 3.0.1-1+b2',
      'tar 1.34+dfsg-1.2',
    ]);
  });

  it('gives the source package and its version, without the suffix of a rebuild', () => {
    expect(named('libssl3')).toMatchObject({
      source: { name: 'openssl', version: '3.0.1-1' },
      purl: 'pkg:deb/debian/libssl3@3.0.1-1%2Bb2?arch=amd64&distro=debian-12.15',
    });
    expect(named('epoch')?.source).toEqual({ name: 'epoch-src', version: '1:2.0~rc1-3' });
    expect(named('tar')?.source).toEqual({ name: 'tar', version: '1.34+dfsg-1.2' });
  });

  it('gives the files, without their folders, where diversions put them', () => {
    expect(named('tar')?.files).toEqual([
      { path: '/etc/rmt.conf', isConfig: true, digest: { algorithm: 'md5', hex: '0123456789abcdef0123456789abcdef' } },
      { path: '/usr/bin/tar', digest: { algorithm: 'md5', hex: '25de5fcdc3c8ebd9c9f599fb7a899b40' } },
      { path: '/usr/share/man/tar.1.gnu' },
    ]);
    expect(named('libssl3')?.files).toEqual([{ path: '/usr/lib/libssl.so.3' }]);
    expect(named('tar')?.installedAt).toBe(1_704_067_200_000_000);
  });

  it('says what is broken', () => {
    expect(problems.map(({ at, message }) => `${at.path}:${at.line ?? ''} ${message}`)).toEqual([
      '/var/lib/dpkg/info/tar.md5sums: a line is no checksum and path; it was skipped',
      '/var/lib/dpkg/status:26 a line is no field of a record',
      '/var/lib/dpkg/status:24 a package has no version; it was skipped',
    ]);
  });
});

it('the records of an image without a package manager have checksums beside them', () => {
  const distroless = new MemoryTree({
    '/var/lib/dpkg/status.d/bGliYzY=': 'Package: libc6\nSource: glibc\nVersion: 2.31-13\nArchitecture: amd64\n',
    '/var/lib/dpkg/status.d/bGliYzY=.md5sums': '25de5fcdc3c8ebd9c9f599fb7a899b40  lib/libc.so.6\n',
  });
  expect(catalogTree(distroless).packages).toMatchObject([
    {
      name: 'libc6',
      purl: 'pkg:deb/libc6@2.31-13?arch=amd64',
      source: { name: 'glibc', version: '2.31-13' },
      files: [{ path: '/lib/libc.so.6', digest: { hex: '25de5fcdc3c8ebd9c9f599fb7a899b40' } }],
    },
  ]);
});

it.each([
  [
    'Format: https://x\n\nFiles: *\nLicense: GPL-2+\n text\n\nFiles: b\nLicense: MIT\n\nLicense: GPL-2+\n',
    ['GPL-2+', 'MIT'],
  ],
  ['See /usr/share/common-licenses/GPL-2, and `/usr/share/common-licenses/LGPL-2.1`.', ['GPL-2', 'LGPL-2.1']],
  ['All rights reserved.', []],
])('licences are those that the copyright file names: %j', (copyright, licenses) => {
  const withCopyright = new MemoryTree({
    '/var/lib/dpkg/status': 'Package: a\nStatus: install ok installed\nVersion: 1\n',
    '/usr/share/doc/a/copyright': copyright,
  });
  expect(catalogTree(withCopyright).packages[0]?.licenses).toEqual(licenses);
});

it('takes the scripts of a package that stand beside its record for no records', () => {
  const { packages, problems } = catalogTree(
    new MemoryTree({
      '/var/lib/dpkg/status.d/libsqlite3-0': 'Package: libsqlite3-0\nVersion: 3.34.1-3\n',
      '/var/lib/dpkg/status.d/libsqlite3-0.preinst': '#!/bin/sh\necho: x\n',
      '/var/lib/dpkg/status.d/libsqlite3-0.postrm': '#!/bin/sh\n',
    }),
  );
  expect(packages.map(({ name }) => name)).toEqual(['libsqlite3-0']);
  expect(problems).toEqual([]);
});
