import { zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../../tests/support/memory-tree.ts';
import { catalogTree } from '../../catalog.ts';
import { sourceName } from './sources.ts';

const digest = 'cc55e2ecf36e40171ded57167c38e1025c99dc8f8bcdd6422368385a977ae1fe';
const mutated = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';

function manifestOf(...records: readonly object[]): Buffer {
  const lines = [{ jsonwall: '1.0', schema: '1.0', count: records.length }, ...records];
  return zstdCompressSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

const whole = manifestOf(
  { kind: 'content', slice: 'libssl3t64_libs', path: '/usr/lib/libssl.so.3' },
  { kind: 'package', name: 'base-files', version: '13ubuntu10.1', sha256: digest, arch: 'amd64' },
  { kind: 'package', name: 'libssl3t64', version: '3.0.13-0ubuntu3.4', sha256: digest, arch: 'amd64' },
  { kind: 'package', name: 'nameless' },
  { kind: 'path', path: '/etc/', mode: '0755', slices: ['base-files_base'] },
  { kind: 'path', path: '/etc/x', mode: '0640', slices: ['base-files_base'], sha256: digest, final_sha256: mutated },
  { kind: 'path', path: '/lib', mode: '0777', slices: ['base-files_lib', 'libssl3t64_libs'], link: 'usr/lib' },
  { kind: 'slice', name: 'base-files_base' },
);

function catalogOf(files: Readonly<Record<string, MemoryFile>>) {
  return catalogTree(new MemoryTree({ '/etc/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\n', ...files }));
}

describe('the manifest of Chisel', () => {
  it('gives packages under their sources, with the files that were taken of them', () => {
    const { packages, problems } = catalogOf({ '/var/lib/chisel/manifest.wall': whole });
    expect(packages).toMatchObject([
      {
        name: 'base-files',
        purl: 'pkg:deb/ubuntu/base-files@13ubuntu10.1?arch=amd64&distro=ubuntu-24.04',
        source: { name: 'base-files', version: '13ubuntu10.1' },
        files: [
          { path: '/etc/x', mode: 0o640, digest: { algorithm: 'sha256', hex: mutated } },
          { path: '/lib', mode: 0o777 },
        ],
      },
      { name: 'libssl3t64', source: { name: 'openssl', version: '3.0.13-0ubuntu3.4' }, files: [{ path: '/lib' }] },
    ]);
    expect(problems.map(({ message }) => message)).toEqual(['a package has no name or version; it was skipped']);
  });

  it('says nothing again of what dpkg or another manifest named', () => {
    const { packages } = catalogOf({
      '/var/lib/chisel/manifest.wall': whole,
      '/db/manifest.wall': whole,
      '/var/lib/dpkg/status.d/base': 'Package: base-files\nVersion: 13ubuntu10.1\nArchitecture: amd64\n',
    });
    expect(packages.map(({ name, foundBy }) => `${name} ${foundBy}`)).toEqual(['base-files dpkg', 'libssl3t64 chisel']);
  });

  it.each([
    ['no zstd', Buffer.from('xyz'), 0],
    ['cut', whole.subarray(0, whole.length - 20), 0],
    ['another list', zstdCompressSync('{"a":1}\n[]\nnot json\n\n'), 0],
    ['a bomb', zstdCompressSync(Buffer.alloc(2 ** 27)), 0],
    ['not packed', Buffer.from('{"jsonwall":"1.0"}\n{"kind":"package","name":"a","version":"1"}'), 1],
  ])('that is %s is told or read, and ends nothing', (_title, content, count) => {
    const { packages, problems } = catalogOf({ '/var/lib/chisel/manifest.wall': content });
    expect(packages).toHaveLength(count);
    expect(problems.length > 0).toBe(count === 0);
  });
});

it.each([
  ['libgcc-s1', '14.2.0-4ubuntu2~24.04', 'gcc-14'],
  ['libpython3.12-stdlib', '3.12.3-1', 'python3.12'],
  ['dotnet-runtime-8.0', '8.0.11-0ubuntu1', 'dotnet8'],
  ['aspnetcore-runtime-10.0', '10.0.0-0ubuntu1', 'dotnet10'],
  ['openjdk-21-jre-headless', '21.0.5+11', 'openjdk-21'],
  ['libc6', '2.39-0ubuntu8', 'glibc'],
  ['toString', '1', 'toString'],
])('%s %s is built from %s', (name, version, source) => expect(sourceName(name, version)).toBe(source));
