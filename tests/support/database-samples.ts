import type { PackageSample } from './package-sample.ts';
import { bdbOf, ndbOf, sqliteOf } from './rpm-databases.ts';
import { rpmHeader } from './rpm-header.ts';

const headers = ['bash', 'zlib'].map((name) =>
  rpmHeader({
    1000: name,
    1001: '1.2.3',
    1002: '4.el8',
    1003: { width: 4, numbers: [1] },
    1014: 'MIT',
    1030: { width: 2, numbers: [0o100755, 0o100644] },
    1044: `${name}-1.2.3-4.el8.src.rpm`,
    1116: { width: 4, numbers: [0, 0] },
    1117: ['a', 'b'],
    1118: [`/usr/share/${name}/`],
  }),
);
const rpms = ['bash 1:1.2.3-4.el8', 'zlib 1:1.2.3-4.el8'];

/** Databases of distributions, to begin mutating from. */
export const databaseSamples: readonly PackageSample[] = [
  { cataloger: 'rpm', what: 'SQLite', files: { '/var/lib/rpm/rpmdb.sqlite': sqliteOf(headers) }, packages: rpms },
  { cataloger: 'rpm', what: 'ndb', files: { '/var/lib/rpm/Packages.db': ndbOf(headers) }, packages: rpms },
  { cataloger: 'rpm', what: 'Berkeley DB', files: { '/var/lib/rpm/Packages': bdbOf(headers, true) }, packages: rpms },
  {
    cataloger: 'apk',
    what: 'a database',
    files: {
      '/lib/apk/db/installed':
        'P:a\nV:1.0-r0\nA:x86_64\no:b\nL:MIT\nF:etc\nR:x\na:0:0:755\nZ:Q14VDshgWFleuDbp4jqXk+UNES65Q=\n\nP:c\nV:2.0-r1\n\n',
    },
    packages: ['a 1.0-r0', 'c 2.0-r1'],
  },
  {
    cataloger: 'dpkg',
    what: 'a database',
    files: {
      '/var/lib/dpkg/status':
        'Package: a\nStatus: install ok installed\nVersion: 1:1.0-1+b1\nSource: s (1:1.0-1)\nConffiles:\n /etc/a 0123456789abcdef0123456789abcdef\n\nPackage: b\nStatus: deinstall ok config-files\nVersion: 1\n',
      '/var/lib/dpkg/info/a.list': '/.\n/usr\n/usr/bin\n/usr/bin/a\n',
      '/var/lib/dpkg/info/a.md5sums': '0123456789abcdef0123456789abcdef  usr/bin/a\n',
      '/var/lib/dpkg/diversions': '/usr/bin/a\n/usr/bin/a.distrib\nb\n',
      '/usr/share/doc/a/copyright': 'Format: x\nLicense: MIT\n',
      '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    },
    packages: ['a 1:1.0-1+b1'],
  },
  {
    cataloger: 'pacman',
    what: 'a database',
    files: {
      '/etc/os-release': 'ID=arch\n',
      '/var/lib/pacman/local/a-1.0-1/desc':
        '%NAME%\na\n\n%VERSION%\n1:1.0-1\n\n%BASE%\nb\n\n%LICENSE%\nMIT\nGPL2\n\n%INSTALLDATE%\n1700000000\n',
      '/var/lib/pacman/local/a-1.0-1/files':
        '%FILES%\netc/\netc/a.conf\nusr/bin/a\n\n%BACKUP%\netc/a.conf\t0123456789abcdef0123456789abcdef\n',
    },
    packages: ['a 1:1.0-1'],
  },
];
