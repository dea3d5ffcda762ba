import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../tests/support/memory-tree.ts';
import type { Distribution, Package, PackageType } from '../package.ts';
import { readArchiveIndex, type ArchiveIndex } from './archive-index.ts';
import { pendingUpdates, type PendingUpdates } from './pending-updates.ts';
import { indexesOfTree, readIndexFiles } from './read-indexes.ts';

const debian: Distribution = {
  id: 'debian',
  idLike: [],
  versionId: '12',
  codename: 'bookworm',
  prettyName: 'Debian GNU/Linux 12',
};
const alpine: Distribution = { ...debian, id: 'alpine', versionId: '3.19.1', codename: undefined };

function pkg(type: PackageType, name: string, version: string, architecture = 'amd64'): Package {
  return { type, name, version, architecture, purl: '', licenses: [], locations: [], files: [], foundBy: 'test' };
}

const stanza = (name: string, version: string, architecture = 'amd64'): string =>
  `Package: ${name}\nArchitecture: ${architecture}\nVersion: ${version}\nFilename: pool/${name}.deb\n\n`;
const security = stanza('libssl3', '3.0.15-1~deb12u1') + stanza('tzdata', '2024b-0+deb12u1', 'all');
const securityPath = '/m/dists/bookworm-security/main/binary-amd64/Packages';
const apkIndex =
  'C:Q1abc=\nP:libcrypto3\nV:3.1.4-r6\nA:x86_64\no:openssl\n\nC:Q1abd=\nP:musl\nV:1.2.4-r2\nA:x86_64\n\n';

function told({ updates }: PendingUpdates): string[] {
  return updates.map(
    ({ package: one, candidate, suite, isSecurity }) =>
      `${one.name} ${one.version} ${candidate} ${suite} ${isSecurity}`,
  );
}

describe('updates that are pending', () => {
  const installed = [
    pkg('deb', 'libssl3', '3.0.11-1~deb12u2'),
    pkg('deb', 'tzdata', '2024b-0+deb12u1', 'all'),
    pkg('deb', 'libssl3', '3.0.11-1~deb12u2', 'i386'),
    pkg('pypi', 'libssl3', '1.0'),
    pkg('deb', 'curl', '7.88.1-10'),
  ];

  it('are what the archive has newer, for the same architecture', () => {
    const indexes = [readArchiveIndex(security, securityPath)];
    expect(told(pendingUpdates(installed, debian, indexes))).toEqual([
      'libssl3 3.0.11-1~deb12u2 3.0.15-1~deb12u1 bookworm-security true',
    ]);
  });

  it('are the newest of several archives, and security where two have the same', () => {
    const main = readArchiveIndex(
      stanza('libssl3', '3.0.15-1~deb12u1') + stanza('curl', '7.88.1-10+deb12u8'),
      '/m/dists/bookworm/main/binary-amd64/Packages',
    );
    const indexes = [main, readArchiveIndex(security, securityPath)];
    expect(told(pendingUpdates(installed, debian, indexes))).toEqual([
      'libssl3 3.0.11-1~deb12u2 3.0.15-1~deb12u1 bookworm-security true',
      'curl 7.88.1-10 7.88.1-10+deb12u8 bookworm false',
    ]);
  });

  it('are not looked for in an archive of another release', () => {
    const trixie = readArchiveIndex(security, '/m/dists/trixie-security/main/binary-amd64/Packages');
    expect(pendingUpdates(installed, debian, [trixie])).toEqual({ updates: [], foreign: ['trixie-security'] });
    const [v320, v319] = ['v3.20', 'v3.19'].map((release) =>
      readArchiveIndex(apkIndex, `/m/${release}/main/x86_64/x!APKINDEX`),
    ) as [ArchiveIndex, ArchiveIndex];
    const packages = [pkg('apk', 'libcrypto3', '3.1.4-r5', 'x86_64'), pkg('apk', 'musl', '1.2.4-r2', 'x86_64')];
    const pending = pendingUpdates(packages, alpine, [v320, v319]);
    expect(pending.foreign).toEqual(['v3.20']);
    expect(told(pending)).toEqual(['libcrypto3 3.1.4-r5 3.1.4-r6 v3.19 undefined']);
  });
});

describe('indexes of archives', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-indexes-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const listName = 'mirror.example_debian-security_dists_bookworm-security_main_binary-amd64_Packages';

  it('are the lists of security archives in a tree, packed or not', () => {
    const { indexes, problems } = indexesOfTree(
      new MemoryTree({
        [`/var/lib/apt/lists/${listName}.gz`]: gzipSync(security),
        [`/var/lib/apt/lists/x-${listName}.lz4`]: Buffer.from('04224d1840407f00', 'hex'),
        '/var/lib/apt/lists/mirror.example_debian_dists_bookworm_main_binary-amd64_Packages': security,
      }),
    );
    expect(indexes).toMatchObject([{ type: 'deb', suite: 'bookworm-security', isSecurity: true }]);
    expect(problems.map(({ code, message }) => [code, message])).toEqual([
      ['decompress-failed', 'the LZ4 frame is damaged, or too large'],
    ]);
  });

  it('are read from files and folders, and what is none is told', async () => {
    const lists = join(folder, 'dists/bookworm-security/main/binary-amd64');
    mkdirSync(lists, { recursive: true });
    writeFileSync(join(lists, 'Packages.gz'), gzipSync(security));
    writeFileSync(join(folder, 'other.txt'), 'nothing');
    const { indexes, problems } = await readIndexFiles([join(folder, 'dists'), join(folder, 'other.txt')]);
    expect(indexes.map(({ suite, versions }) => [suite, versions.size])).toEqual([['bookworm-security', 2]]);
    expect(problems.map(({ code }) => code)).toEqual(['unknown-format']);
  });

  it('may hold anything', () => {
    const line = fc.constantFrom('Package: a', 'Version: 1', 'C:Q1', 'P:a', 'V:1', '', ' x', 'A:', '\0');
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        expect(readArchiveIndex(lines.join('\n'), 'x').versions.size).toBeLessThanOrEqual(lines.length);
      }),
    );
  });
});
