import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { MemoryTree, type MemoryFile } from '../../../../../tests/support/memory-tree.ts';
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

function sqliteOf(headers: readonly Buffer[]): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'vakthund-rpm-'));
  try {
    const database = new DatabaseSync(join(folder, 'db'));
    database.exec('CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)');
    for (const header of headers) database.prepare('INSERT INTO Packages (blob) VALUES (?)').run(header);
    database.close();
    return readFileSync(join(folder, 'db'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ndbOf(headers: readonly Buffer[]): Buffer {
  const slots = Buffer.alloc(4096);
  slots.write('RpmP', 0, 'latin1');
  slots.writeUInt32LE(1, 12);
  const blobs: Buffer[] = [];
  let at = 4096;
  for (let slot = 2; slot < 256; slot++) slots.write('Slot', slot * 16, 'latin1');
  for (const [index, header] of headers.entries()) {
    const blob = Buffer.alloc(Math.ceil((16 + header.length + 12) / 16) * 16);
    blob.write('BlbS', 0, 'latin1');
    blob.writeUInt32LE(index + 1, 4);
    blob.writeUInt32LE(header.length, 12);
    header.copy(blob, 16);
    slots.writeUInt32LE(index + 1, (index + 2) * 16 + 4);
    slots.writeUInt32LE(at / 16, (index + 2) * 16 + 8);
    blobs.push(blob);
    at += blob.length;
  }
  return Buffer.concat([slots, ...blobs]);
}

/** Pages of 512 bytes: metadata, one hash page with the keys, and a chain for each header; the last header stands on the page itself. */
function bdbOf(headers: readonly Buffer[], isLittle: boolean): Buffer {
  const uint16 = (bytes: Buffer, value: number, at: number) =>
    isLittle ? bytes.writeUInt16LE(value, at) : bytes.writeUInt16BE(value, at);
  const uint32 = (bytes: Buffer, value: number, at: number) =>
    isLittle ? bytes.writeUInt32LE(value, at) : bytes.writeUInt32BE(value, at);
  const pages = [Buffer.alloc(512), Buffer.alloc(512)];
  const [meta = Buffer.alloc(0), hash = Buffer.alloc(0)] = pages;
  uint32(meta, 0x061561, 12);
  uint32(meta, 512, 20);
  hash[25] = 13;
  let free = 512;
  let count = 0;
  const put = (item: Buffer): void => {
    free -= item.length;
    item.copy(hash, free);
    uint16(hash, free, 26 + 2 * count++);
  };
  for (const [index, header] of headers.entries()) {
    const key = Buffer.alloc(5, 1);
    uint32(key, index + 1, 1);
    put(key);
    if (index === headers.length - 1) {
      put(Buffer.concat([Buffer.from([1]), header]));
      continue;
    }
    const pointer = Buffer.alloc(12);
    pointer[0] = 3;
    uint32(pointer, pages.length, 4);
    uint32(pointer, header.length, 8);
    put(pointer);
    for (let at = 0; at < header.length; at += 486) {
      const page = Buffer.alloc(512);
      const part = header.subarray(at, at + 486);
      page[25] = 7;
      uint16(page, part.length, 22);
      uint32(page, at + 486 < header.length ? pages.length + 1 : 0, 16);
      part.copy(page, 26);
      pages.push(page);
    }
  }
  uint16(hash, count, 20);
  uint32(meta, pages.length - 1, 32);
  return Buffer.concat(pages);
}
