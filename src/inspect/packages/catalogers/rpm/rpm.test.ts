import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../../tests/support/memory-tree.ts';
import { bdbOf, ndbOf, sqliteOf } from '../../../../../tests/support/rpm-databases.ts';
import { rpmHeader } from '../../../../../tests/support/rpm-header.ts';
import { catalogTree } from '../../catalog.ts';

const sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
const openssl = rpmHeader({
  1000: 'openssl-libs',
  1001: '1.1.1k',
  1002: '9.el8',
  1003: { width: 4, numbers: [1] },
  1008: { width: 4, numbers: [1_696_444_673] },
  1011: 'Red Hat, Inc.',
  1014: 'OpenSSL and ASL 2.0',
  1022: 'x86_64',
  1030: { width: 2, numbers: [0o100755, 0o040755, 0o100644] },
  1035: [sha256, '', sha256],
  1037: { width: 4, numbers: [0, 0, 1] },
  1044: 'openssl-1.1.1k-9.el8.src.rpm',
  1116: { width: 4, numbers: [0, 0, 1] },
  1117: ['libssl.so', 'engines', 'openssl.cnf'],
  1118: ['/usr/lib64/', '/etc/pki/'],
  5011: { width: 4, numbers: [8] },
  5096: 'perl:5.26:820181219174508:9edba152',
});
const bash = rpmHeader({ 1000: 'bash', 1001: '4.4', 1002: '1', 1027: ['/bin/bash', '/bin/sh'] });
const release = {
  '/etc/os-release': 'ID="centos"\nVERSION_ID="8"\n',
  '/etc/redhat-release': 'CentOS Linux release 8.4.2105',
};

const catalog = (files: Readonly<Record<string, MemoryFile>>) => catalogTree(new MemoryTree({ ...release, ...files }));
const wanted = [
  {
    name: 'bash',
    version: '4.4-1',
    purl: 'pkg:rpm/centos/bash@4.4-1?distro=centos-8.4.2105',
    files: [{ path: '/bin/bash' }, { path: '/bin/sh' }],
  },
  {
    name: 'openssl-libs',
    version: '1:1.1.1k-9.el8',
    purl: 'pkg:rpm/centos/openssl-libs@1.1.1k-9.el8?arch=x86_64&distro=centos-8.4.2105&epoch=1',
    source: { name: 'openssl', version: '1:1.1.1k-9.el8' },
    licenses: ['OpenSSL and ASL 2.0'],
    installedAt: 1_696_444_673_000_000,
    details: { vendor: 'Red Hat, Inc.', modularityLabel: 'perl:5.26:820181219174508:9edba152' },
    files: [
      { path: '/usr/lib64/libssl.so', mode: 0o755, digest: { algorithm: 'sha256', hex: sha256 } },
      { path: '/etc/pki/openssl.cnf', isConfig: true },
    ],
  },
];

describe('the database of rpm', () => {
  it('is read in SQLite', () => {
    expect(catalog({ '/var/lib/rpm/rpmdb.sqlite': sqliteOf([openssl, bash]) })).toMatchObject({
      packages: wanted,
      problems: [],
    });
  });

  it('is read in ndb', () => {
    const bytes = ndbOf([openssl, bash]);
    expect(catalog({ '/usr/lib/sysimage/rpm/Packages.db': bytes })).toMatchObject({ packages: wanted, problems: [] });
  });

  it('is no empty ndb when its header names no slots, or another version', () => {
    const [without, other] = [ndbOf([openssl, bash]), ndbOf([openssl, bash])];
    without.writeUInt32LE(0, 12);
    other.writeUInt32LE(7, 4);
    expect(catalog({ '/usr/lib/sysimage/rpm/Packages.db': without }).problems).toMatchObject([
      { code: 'bad-record', message: /its header names no page of slots/ },
    ]);
    expect(catalog({ '/usr/lib/sysimage/rpm/Packages.db': other }).problems).toMatchObject([
      { code: 'bad-record', message: /its version is 7/ },
    ]);
  });

  it.each([true, false])('is read in Berkeley DB, little-endian: %j', (isLittle) => {
    const bytes = bdbOf([openssl, bash], isLittle);
    expect(catalog({ '/var/lib/rpm/Packages': bytes })).toMatchObject({ packages: wanted, problems: [] });
  });

  it('that leads in circles ends, with what is whole and a problem', () => {
    const bdb = bdbOf([openssl, bash], true);
    // The second chain begins with the page of the first, and that one goes on at itself.
    const overflow = 2 * 512;
    bdb.writeUInt32LE(2, overflow + 16);
    const ndb = ndbOf([openssl, bash]);
    ndb.writeUInt32LE(0xff_ff_ff, 2 * 16 + 8);
    expect(catalog({ '/var/lib/rpm/Packages': bdb })).toMatchObject({
      packages: [{ name: 'bash' }],
      problems: [{ code: 'bad-record', message: /an entry of page 1 is broken/ }],
    });
    expect(catalog({ '/var/lib/rpm/Packages.db': ndb })).toMatchObject({
      packages: [{ name: 'bash' }],
      problems: [{ code: 'bad-record', message: /package 1 is not where its slot says/ }],
    });
    expect(catalog({ '/var/lib/rpm/Packages': 'something else' }).problems).toMatchObject([{ code: 'bad-header' }]);
  });

  it('may be a list of an image without one', () => {
    const line =
      'openssl-libs\t1.1.1k-8.cm1\t1636052412\t1630539012\tMicrosoft Corporation\t(none)\t10\tx86_64\t0\topenssl-1.1.1k-8.cm1.src.rpm';
    expect(catalog({ '/var/lib/rpmmanifest/container-manifest-2': `${line}\nbad\n` })).toMatchObject({
      packages: [
        { name: 'openssl-libs', version: '1.1.1k-8.cm1', source: { name: 'openssl', version: '1.1.1k-8.cm1' } },
      ],
      problems: [{ at: { line: 2 } }],
    });
  });
});
