import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { readDistribution } from './distribution.ts';

const alpine = 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.11.5\nPRETTY_NAME="Alpine Linux v3.11"\n';

describe('the distribution of a tree', () => {
  it('is what os-release says, with the point release of debian_version', () => {
    const tree = new MemoryTree({
      '/usr/lib/os-release':
        'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n',
      '/etc/os-release': { target: '../usr/lib/os-release' },
      '/etc/debian_version': '12.15\n',
    });
    expect(readDistribution(tree)).toEqual({
      id: 'debian',
      idLike: [],
      versionId: '12',
      codename: 'bookworm',
      prettyName: 'Debian GNU/Linux 12 (bookworm)',
      exactRelease: '12.15',
    });
  });

  it.each([
    ['https://dl-cdn.alpinelinux.org/alpine/v3.18/main\nhttps://dl-cdn.alpinelinux.org/alpine/v3.9/main\n', '3.18'],
    ['https://mirror.example/alpine/v3.18/main\nhttps://mirror.example/alpine/edge/testing\n', 'edge'],
    ['https://mirror.example/alpine/v3.11/main\n@edge https://mirror.example/alpine/edge/testing\n', '3.11'],
    ['# nothing\n/media/cdrom/apks\n', undefined],
  ])('of Alpine is the one of its repositories: %j', (repositories, release) => {
    const tree = new MemoryTree({ '/etc/os-release': alpine, '/etc/apk/repositories': repositories });
    expect(readDistribution(tree)?.repositoryRelease).toBe(release);
  });

  it.each([
    ['/etc/alpine-release', '3.4.6\n', 'alpine', '3.4.6'],
    ['/etc/redhat-release', 'CentOS release 6.10 (Final)\n', 'centos', '6.10'],
    ['/etc/redhat-release', 'Red Hat Enterprise Linux Server release 7.9 (Maipo)\n', 'rhel', '7.9'],
    ['/etc/debian_version', '8.11\n', 'debian', '8'],
    ['/etc/debian_version', 'trixie/sid\n', 'debian', undefined],
    ['/etc/lsb-release', 'DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=12.04\nDISTRIB_CODENAME=precise\n', 'ubuntu', '12.04'],
  ])('without os-release is that of %s', (path, text, id, versionId) => {
    expect(readDistribution(new MemoryTree({ [path]: text }))).toMatchObject({ id, versionId });
  });

  it('reads values as a shell does', () => {
    const text = `ID='odd'\nPRETTY_NAME="a \\"b\\" \\$c"\nVERSION="10 (buster)"\nID_LIKE="Debian ubuntu"\nbad line\n`;
    expect(readDistribution(new MemoryTree({ '/etc/os-release': text }))).toMatchObject({
      id: 'odd',
      prettyName: 'a "b" $c',
      codename: 'buster',
      idLike: ['debian', 'ubuntu'],
    });
  });

  it('is none where nothing names one', () => {
    expect(readDistribution(new MemoryTree({ '/etc/os-release': 'NAME=x\n' }))).toBeUndefined();
  });
});
