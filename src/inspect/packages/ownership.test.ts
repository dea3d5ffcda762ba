import { describe, expect, it } from 'vitest';
import { elfOf } from '../../../tests/support/programs.ts';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { catalogTree } from './catalog.ts';
import { FileOwners } from './ownership.ts';

const metadata = 'Name: six\nVersion: 1.16.0\n';
const bash = elfOf([{ name: '.rodata', bytes: Buffer.from(`${'x'.repeat(2000)}@(#)Bash version 5.2.15(1)`) }]);
const debianFiles = {
  '/bin': { target: 'usr/bin' },
  '/usr/bin/bash': bash,
  '/usr/lib/python3/dist-packages/six.egg-info': metadata,
  '/usr/local/lib/python3/site-packages/six-1.dist-info/METADATA': metadata,
  '/var/lib/dpkg/status':
    'Package: python3-six\nMaintainer: Debian Python Team <team+python@tracker.debian.org>\nVersion: 1.16.0-4\n\nPackage: bash\nMaintainer: Matthias Klose <doko@debian.org>\nVersion: 5.2.15-2\n',
  '/var/lib/dpkg/info/python3-six.list': '/usr/lib/python3/dist-packages/six.egg-info\n',
  '/var/lib/dpkg/info/bash.list': '/bin/bash\n',
};

describe('what a distribution package brought', () => {
  it('is covered by a distribution that tells what it has not fixed', () => {
    const tree = new MemoryTree({ ...debianFiles, '/etc/os-release': 'ID=linuxmint\nID_LIKE="ubuntu debian"\n' });
    const { packages } = catalogTree(tree);
    expect(packages.filter(({ type }) => type === 'pypi')).toMatchObject([
      { locations: ['/usr/lib/python3/dist-packages/six.egg-info'], ownedBy: 'python3-six 1.16.0-4' },
      { locations: ['/usr/local/lib/python3/site-packages/six-1.dist-info/METADATA'] },
    ]);
    expect(packages[3]?.ownedBy).toBeUndefined();
  });

  it.each(['ID=amzn\nID_LIKE="centos rhel fedora"\n', 'ID=alpine\n', ''])('is not by others: %j', (release) => {
    const { packages } = catalogTree(new MemoryTree({ ...debianFiles, '/etc/os-release': release }));
    expect(packages.filter(({ ownedBy }) => ownedBy !== undefined)).toEqual([]);
  });

  it('is not when another maker brought it', () => {
    const files = {
      '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
      '/opt/tool/six.egg-info': metadata,
      '/usr/bin/bash': bash,
      '/var/lib/dpkg/status': 'Package: tool\nMaintainer: Tool Inc. <support@tool.example>\nVersion: 1\n',
      '/var/lib/dpkg/info/tool.list': '/opt/tool/six.egg-info\n/usr/bin/bash\n',
    };
    expect(catalogTree(new MemoryTree(files)).packages).toMatchObject([
      { name: 'tool' },
      { name: 'bash' },
      { name: 'six' },
    ]);
    expect(catalogTree(new MemoryTree(files)).packages.filter(({ ownedBy }) => ownedBy !== undefined)).toEqual([]);
  });

  it('is no second package when it is a known program', () => {
    const names = (files: ConstructorParameters<typeof MemoryTree>[0]) =>
      catalogTree(new MemoryTree(files))
        .packages.filter(({ type }) => type === 'generic')
        .map(({ name }) => name);
    expect(names(debianFiles)).toEqual([]);
    expect(names({ '/usr/bin/bash': bash })).toEqual(['bash']);
  });
});

it('the owner of a file is found by its real path', () => {
  const tree = new MemoryTree(debianFiles);
  const owners = new FileOwners(tree, catalogTree(tree).packages);
  expect(owners.ownerOf('/usr/bin/bash')?.name).toBe('bash');
  expect(owners.ownerOf('/bin/bash')).toBeUndefined();
  expect(owners.ownerOf('/usr/bin/sh')).toBeUndefined();
});
