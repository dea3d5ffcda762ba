import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../tests/support/memory-tree.ts';
import { cataloger as apk } from '../../packages/catalogers/apk/index.ts';
import { cataloger as dpkg } from '../../packages/catalogers/dpkg/index.ts';
import type { Cataloger } from '../../packages/cataloger.ts';
import { walkTree } from '../../tree/tree.ts';
import { filesMadeByPackages } from './made.ts';
import { Ownership } from './ownership.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const sha1 = (text: string): string => `Q1${createHash('sha1').update(text).digest('base64')}`;

function ownershipOf(files: Readonly<Record<string, MemoryFile>>, cataloger: Cataloger = dpkg): Ownership {
  const tree = new MemoryTree(files);
  const entries = [...walkTree(tree)].filter((entry) => entry.type === 'file' && cataloger.wants(entry));
  const { packages } = cataloger.catalog(entries, { tree, distribution: undefined });
  return new Ownership(tree, packages, filesMadeByPackages(tree));
}

const debian: Readonly<Record<string, MemoryFile>> = {
  '/bin': { target: 'usr/bin' },
  '/usr/bin/same': 'same',
  '/usr/bin/other': 'changed',
  '/usr/bin/linked': { target: '/usr/local/evil' },
  '/usr/local/evil': 'evil',
  '/usr/local/copy': 'same',
  '/usr/bin/awk': { target: '/etc/alternatives/awk' },
  '/usr/bin/ed': { target: '/etc/alternatives/ed' },
  '/etc/alternatives/ed': { target: '/opt/ed' },
  '/opt/ed': 'x',
  '/etc/alternatives/awk': { target: '/usr/bin/same' },
  '/etc/app.conf': 'edited',
  '/etc/app.new': 'made',
  '/etc/ucf.conf': 'made',
  '/etc/own.conf': 'own',
  '/etc/rc2.d/S01same': { target: '../../usr/bin/same' },
  '/etc/pam.d/common-auth': 'auth',
  '/usr/sbin/pam-auth-update': 'x',
  '/usr/lib/python3/dist-packages/m.py': 'm',
  '/usr/lib/python3/dist-packages/__pycache__/m.cpython-311.pyc': 'compiled',
  '/usr/lib/python3/dist-packages/__pycache__/n.cpython-311.pyc': 'foreign',
  '/var/lib/ucf/hashfile': `${md5('made')}  /etc/ucf.conf\n`,
  '/var/lib/dpkg/alternatives/awk': 'auto\n/usr/bin/awk\n\n/usr/bin/same\n10\n',
  '/var/lib/dpkg/alternatives/ed': 'auto\n/usr/bin/ed\n\n/opt/ed\n10\n',
  '/var/lib/dpkg/status': `Package: app\nStatus: install ok installed\nVersion: 1\nConffiles:\n /etc/app.conf ${md5('shipped')}\n`,
  '/var/lib/dpkg/info/app.list':
    '/bin/same\n/bin/other\n/bin/linked\n/etc/app.conf\n/usr/lib/python3/dist-packages/m.py\n',
  '/var/lib/dpkg/info/app.md5sums': `${md5('same')}  bin/same\n${md5('other')}  bin/other\n${md5('linked')}  bin/linked\n`,
  '/var/lib/dpkg/info/app.postinst': 'cat > /etc/app.new <<X\nX\n',
};

describe('a file and the packages of Debian', () => {
  const ownership = ownershipOf(debian);

  it.each([
    ['/usr/bin/same', { kind: 'packaged', package: 'app' }],
    ['/bin/same', { kind: 'packaged', package: 'app' }],
    ['/usr/bin/other', { kind: 'changed', package: 'app', isConfig: false }],
    ['/usr/bin/linked', { kind: 'changed', package: 'app', isConfig: false }],
    ['/etc/app.conf', { kind: 'changed', package: 'app', isConfig: true }],
    ['/etc/app.new', { kind: 'made', package: 'app' }],
    ['/etc/ucf.conf', { kind: 'made', package: 'ucf' }],
    ['/etc/pam.d/common-auth', { kind: 'made', package: 'libpam-runtime' }],
    ['/usr/bin/awk', { kind: 'packaged', package: 'app' }],
    ['/usr/bin/ed', { kind: 'made', package: 'dpkg' }],
    ['/etc/rc2.d/S01same', { kind: 'packaged', package: 'app' }],
    ['/usr/lib/python3/dist-packages/__pycache__/m.cpython-311.pyc', { kind: 'made', package: 'app' }],
    ['/usr/lib/python3/dist-packages/__pycache__/n.cpython-311.pyc', { kind: 'unowned' }],
    ['/etc/own.conf', { kind: 'unowned' }],
    ['/etc/none', { kind: 'unowned' }],
  ])('%s', (path, standing) => {
    expect(ownership.standing(path)).toEqual(standing);
  });

  it('knows a copy by its content', () => {
    expect(ownership.twinOf('/usr/local/copy')?.file.path).toBe('/bin/same');
    expect(ownership.twinOf('/usr/local/evil')).toBeUndefined();
  });
});

it('a link of Alpine is held against the digest of its text, and a file in its place differs', () => {
  const database = (digest: string): string => `P:musl\nV:1\nF:lib\nR:x\nZ:${digest}\n\n`;
  const link = { '/lib/x': { target: 'y' }, '/lib/y': 'z', '/lib/apk/db/installed': database(sha1('y')) };
  expect(ownershipOf(link, apk).standing('/lib/x')).toEqual({ kind: 'packaged', package: 'musl' });
  expect(ownershipOf({ ...link, '/lib/x': 'y2' }, apk).standing('/lib/x')).toMatchObject({ kind: 'changed' });
});

it('without a database nothing is called unowned', () => {
  const ownership = ownershipOf({ '/a': 'x' });
  expect(ownership.isKnown).toBe(false);
  expect(ownership.standing('/a')).toEqual({ kind: 'unknown' });
});
