import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { FolderTree } from '../../../tree/folder-tree.ts';
import type { Distribution, Package } from '../../package.ts';
import { bookOfTree } from './changelog-advice.ts';
import { readDebianChangelog } from './debian-changelog.ts';

const changelog = `xz-utils (5.4.1-1) bookworm-security; urgency=high

  * Fix CVE-2025-31115 and mention CVE-2022-1271 again.

 -- A <a@example.org>  Thu, 03 Apr 2025 18:33:34 +0200

xz-utils (5.2.5-2.1) unstable; urgency=high

  * Non-maintainer upload.
  * xzgrep: fix escaping (CVE-2022-1271) (Closes: #1009167)

 -- B <b@example.org>  Fri, 08 Apr 2022 08:03:19 +0200
`;

const fixes = [
  { cve: 'CVE-2025-31115', fixed: '5.4.1-1', suite: 'bookworm-security', day: '2025-04-03' },
  { cve: 'CVE-2022-1271', fixed: '5.2.5-2.1', suite: 'unstable', day: '2022-04-08' },
];

describe('change logs of Debian', () => {
  it('tell the lowest version that names a vulnerability', () => {
    expect(readDebianChangelog(changelog)).toEqual(fixes);
  });

  it('never name a version above the newest entry', () => {
    const rebuilt = `find (0.34-4~deb12u1) bookworm-security; urgency=high

  * Rebuild.

find (0.34-4) unstable; urgency=high

  * CVE-2011-10007
`;
    expect(readDebianChangelog(rebuilt)).toMatchObject([{ cve: 'CVE-2011-10007', fixed: '0.34-4~deb12u1' }]);
  });

  it('become advice on the source package of the release', () => {
    const root = mkdtempSync(join(tmpdir(), 'vakthund-changelogs-'));
    try {
      const doc = join(root, 'usr/share/doc');
      mkdirSync(join(doc, 'liblzma5'), { recursive: true });
      mkdirSync(join(doc, 'broken'), { recursive: true });
      writeFileSync(join(doc, 'liblzma5/changelog.Debian.gz'), gzipSync(changelog));
      writeFileSync(join(doc, 'broken/changelog.gz'), 'no gzip');
      const common = { type: 'deb', purl: '', licenses: [], locations: [], files: [], foundBy: 'test' } as const;
      const packages: Package[] = [
        { ...common, name: 'liblzma5', version: '5.4.1-1', source: { name: 'xz-utils', version: '5.4.1-1' } },
        { ...common, name: 'broken', version: '1' },
      ];
      const distribution: Distribution = {
        id: 'debian',
        idLike: [],
        versionId: '12',
        codename: 'bookworm',
        prettyName: 'Debian 12',
      };
      const { book, problems, read } = bookOfTree(new FolderTree(root), packages, distribution);
      const advice = book.find('debian:12', 'xz-utils');
      expect(advice.map(({ id, intervals, ecosystem }) => [id, intervals, ecosystem])).toEqual(
        fixes.map(({ cve, fixed }) => [cve, [{ to: fixed }], 'Debian:12']),
      );
      expect(problems).toMatchObject([{ code: 'decompress-failed' }]);
      expect(read).toBe(1);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });
});
