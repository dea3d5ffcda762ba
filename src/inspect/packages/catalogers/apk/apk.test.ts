import { describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../../../tests/support/memory-tree.ts';
import { catalogTree } from '../../catalog.ts';

const database = `C:Q11otALzX1d1D0kVawy06IairTXS0=
P:musl
V:1.1.14-r10
A:x86_64
L:MIT
o:musl
F:lib
M:0:0:1777
R:libc.musl-x86_64.so.1
a:0:0:777
Z:Q17yJ3JFNypA4mxhJJr0ou6CzsJVI=
F:etc
R:securetty
Z:Q14VDshgWFleuDbp4jqXk+UNES65Q=

P:no-version
o:musl

P:ssl_client
V:1.31.1-r9
A:x86_64
o:busybox
L:GPL-2.0-only
F:usr/bin
R:../../escape
R:ssl_client`;

const tree = new MemoryTree({
  '/etc/os-release': 'ID=alpine\nVERSION_ID=3.11.5\n',
  '/lib/apk/db/installed': database,
});

describe('the database of apk', () => {
  const { packages, problems } = catalogTree(tree);

  it('gives packages with origin, licence and place', () => {
    expect(packages).toMatchObject([
      {
        name: 'musl',
        version: '1.1.14-r10',
        type: 'apk',
        purl: 'pkg:apk/alpine/musl@1.1.14-r10?arch=x86_64&distro=3.11.5',
        source: { name: 'musl', version: '1.1.14-r10' },
        licenses: ['MIT'],
        locations: ['/lib/apk/db/installed'],
        foundBy: 'apk',
      },
      { name: 'ssl_client', source: { name: 'busybox', version: '1.31.1-r9' } },
    ]);
  });

  it('gives files with owner, mode and checksum; those below /etc are configuration', () => {
    expect(packages[0]?.files).toEqual([
      {
        path: '/lib/libc.musl-x86_64.so.1',
        uid: 0,
        gid: 0,
        mode: 0o777,
        digest: { algorithm: 'sha1', hex: 'ef2277245372a40e26c61249af4a2ee82cec2552' },
      },
      {
        path: '/etc/securetty',
        isConfig: true,
        digest: { algorithm: 'sha1', hex: 'e150ec86058595eb836e9e23a9793e50d112eb94' },
      },
    ]);
  });

  it('never names a file outside the tree', () => {
    expect(Array.from(packages[1]?.files ?? [], ({ path }) => path)).toEqual(['/escape', '/usr/bin/ssl_client']);
  });

  it('says which record is no package', () => {
    expect(problems).toMatchObject([
      { code: 'bad-record', at: { path: '/lib/apk/db/installed', line: 16 }, message: /no version/ },
    ]);
  });
});
