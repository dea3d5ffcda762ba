import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryTree } from '../../../tests/support/memory-tree.ts';
import { FolderTree } from '../tree/folder-tree.ts';
import type { FileTree } from '../tree/tree.ts';
import { oneLine, signingAlgorithm } from './certificate-text.ts';
import { Constraints, type ColumnConstraint } from './constraints.ts';
import { readOpensshKey } from './openssh-key.ts';
import { readPublicKey } from './public-key-line.ts';
import { TableContext } from './table-context.ts';
import type { HostRow } from './host-row.ts';
import type { HostTable } from './table.ts';
import { hostTables, type HostTableId } from './tables/registry.generated.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'vakthund-tables-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  chmodSync(join(root, 'etc/rc.local'), 0o755);
  mkdirSync(join(root, 'etc/systemd/system/multi-user.target.wants'), { recursive: true });
  symlinkSync('/etc/systemd/system/on.service', join(root, 'etc/systemd/system/multi-user.target.wants/on.service'));
  symlinkSync('/dev/null', join(root, 'etc/systemd/system/gone.service'));
  symlinkSync('usr/lib', join(root, 'lib'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A record of wtmp: only what is read is set. */
function login(type: number, user: string, seconds: number): Buffer {
  const record = Buffer.alloc(384);
  record.writeInt16LE(type, 0);
  record.writeInt32LE(42, 4);
  record.write('pts/0', 8);
  record.write(user, 44);
  record.write('10.0.0.5', 76);
  record.writeUInt32LE(seconds, 340);
  return record;
}

const files: Readonly<Record<string, string | Buffer>> = {
  'etc/passwd': 'root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n',
  'etc/shadow':
    'root:*:19000:0:99999:7:::\nann:$6$salt$hash:19001:0:99999:7::20000:\nold:!!:::::::\nopen::19000:0:99999:7:::\ncut:x\n',
  'etc/crontab': '# no\nSHELL=/bin/sh\n17 * * * * root run-parts /etc/cron.hourly\nnonsense\n',
  'var/spool/cron/crontabs/ann': '@reboot   /tmp/x  -d\n',
  'etc/sudoers':
    'Defaults env_reset\n# comment\n#includedir /etc/sudoers.d\nroot ALL = \\\n (ALL) ALL\n@include sudoers.local\n',
  'etc/sudoers.d/web': 'web ALL=(ALL) NOPASSWD: ALL\n@include web\n',
  'etc/sudoers.d/skip.bak': 'bad ALL=(ALL) ALL\n',
  'etc/sudoers.local': '%wheel ALL=(ALL) ALL\n',
  'etc/resolv.conf': 'nameserver 10.0.0.1\nnameserver fe80::1 # two\nsearch a.example b.example\noptions rotate\n',
  'etc/apt/sources.list':
    'deb [arch=amd64 signed-by=/x] http://deb.example/debian/ stable main # c\ndeb-src http://no.example x y\n# deb http://off.example z\n',
  'etc/apt/sources.list.d/more.sources':
    'Types: deb deb-src\nURIs: https://one.example/a https://two.example\nSuites: bookworm\n# Enabled: no\n\nTypes: deb\nEnabled: no\nURIs: http://off.example\nSuites: x\n',
  'var/lib/apt/lists/deb.example_debian_dists_stable_InRelease':
    'Origin: Example\nCodename: stable\nVersion: 12.5\nSHA256:\n x\n',
  'etc/yum.repos.d/a.repo': '[base]\nname=Base\nbaseurl=http://x\nenabled=1\n\n[main]\nx=1\n',
  'etc/os-release': 'NAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\nVERSION="12 (bookworm)"\n',
  'etc/rc.local': '#!/bin/sh\n',
  'etc/systemd/system/on.service':
    '[Unit]\nDescription=On\n[Service]\nExecStart=-/usr/bin/on --x\\\n --y\nUser=ann\n[Install]\nWantedBy=multi-user.target\n',
  'etc/xdg/autostart/a.desktop': '[Desktop Entry]\nName=A\nExec=/usr/bin/a -b\n',
  'home/ann/.config/autostart/b.desktop': '[Desktop Entry]\nName=B\nExec=b\nHidden=true\n',
  'usr/lib/systemd/system/plain.service': '[Service]\nExecStart=/bin/true\n',
  'usr/lib/systemd/system/on.service': '[Unit]\nDescription=Shadowed\n',
  'usr/lib/python3/dist-packages/x-1.dist-info/METADATA': 'Name: x\nVersion: 1\nAuthor: A\n\nName: not this\n',
  'usr/lib/node_modules/@scope/pack/package.json': '{"name":"@scope/pack","version":"2.0.0","author":{"name":"N"}}',
  'usr/lib/node_modules/bad/package.json': '{',
  'var/lib/dpkg/status':
    'Package: a\nStatus: install ok installed\nPriority: optional\nInstalled-Size: 7\nVersion: 1:2-3\nArchitecture: all\n\nPackage: b\nStatus: purge ok not-installed\nVersion: 1\n',
  'var/lib/dpkg/available': 'Package: a\nPriority: important\n',
  'var/lib/dpkg/info/a:amd64.list': '/.\n/usr/bin/a\n',
  'var/log/wtmp': Buffer.concat([login(7, 'ann', 1_700_000_000), login(2, 'reboot', 5), Buffer.from('cut')]),
  'etc/services': 'ssh 22/tcp secure # shell\nbad\n',
};

async function rowsOf(
  id: HostTableId,
  asked: Record<string, Partial<ColumnConstraint>> = {},
  tree: FileTree = new FolderTree(root, 'folder'),
): Promise<HostRow[]> {
  const context = new TableContext(tree);
  const constraints = Object.entries(asked).map(
    ([column, { equal = [], like = [] }]) => [column, { equal, like }] as const,
  );
  const rows: HostRow[] = [];
  const table: HostTable = hostTables[id];
  for await (const row of table.rows(context, new Constraints(new Map(constraints)))) rows.push(row);
  return rows;
}
const pick = (rows: readonly HostRow[], ...names: string[]): unknown[][] =>
  rows.map((row) => names.map((name) => row[name]));

describe('tables of a root', () => {
  it('file tells the size of a folder, also behind a link', async () => {
    const [folder, link] = await rowsOf('file', { path: { equal: ['/etc', '/lib'] } });
    expect([folder?.['type'], link?.['type'], link?.['symlink']]).toEqual(['directory', 'directory', 1]);
    expect([folder?.['size'], link?.['size']]).toEqual([
      statSync(join(root, 'etc')).size,
      statSync(join(root, 'usr/lib')).size,
    ]);
  });

  it('shadow tells states, and never a hash', async () => {
    const rows = await rowsOf('shadow');
    expect(pick(rows, 'username', 'password_status', 'hash_alg', 'last_change', 'expire')).toEqual([
      ['root', 'locked', null, 19_000, -1],
      ['ann', 'active', '6', 19_001, 20_000],
      ['old', 'not_set', null, -1, -1],
      ['open', 'empty', null, 19_000, -1],
    ]);
    expect(JSON.stringify(rows)).not.toContain('salt');
  });

  it('crontab knows jobs by time and by event', async () => {
    expect(pick(await rowsOf('crontab'), 'event', 'minute', 'day_of_week', 'command', 'path')).toEqual([
      ['', '17', '*', 'root run-parts /etc/cron.hourly', '/etc/crontab'],
      ['@reboot', '', '', '/tmp/x -d', '/var/spool/cron/crontabs/ann'],
    ]);
  });

  it('sudoers follows what is included, each file once', async () => {
    expect(pick(await rowsOf('sudoers'), 'source', 'header', 'rule_details')).toEqual([
      ['/etc/sudoers', 'Defaults', 'env_reset'],
      ['/etc/sudoers', 'includedir', '/etc/sudoers.d'],
      ['/etc/sudoers.d/web', 'web', 'ALL=(ALL) NOPASSWD: ALL'],
      ['/etc/sudoers.d/web', '@include', 'web'],
      ['/etc/sudoers', 'root', 'ALL = (ALL) ALL'],
      ['/etc/sudoers', '@include', 'sudoers.local'],
      ['/etc/sudoers.local', '%wheel', 'ALL=(ALL) ALL'],
    ]);
  });

  it('resolvers, sources of packages, services', async () => {
    expect(pick(await rowsOf('dns_resolvers'), 'type', 'id', 'address')).toEqual([
      ['nameserver', 0, '10.0.0.1'],
      ['nameserver', 1, 'fe80::1'],
      ['search', 0, 'a.example'],
      ['search', 1, 'b.example'],
    ]);
    expect(pick(await rowsOf('apt_sources'), 'name', 'base_uri', 'release', 'version')).toEqual([
      ['deb.example/debian stable', 'http://deb.example/debian', 'stable', '12.5'],
      ['one.example/a bookworm', 'https://one.example/a', null, null],
      ['two.example bookworm', 'https://two.example', null, null],
    ]);
    expect(pick(await rowsOf('yum_sources'), 'name', 'baseurl', 'enabled')).toEqual([['Base', 'http://x', '1']]);
    expect(pick(await rowsOf('etc_services'), 'name', 'port', 'aliases', 'comment')).toEqual([
      ['ssh', 22, 'secure', 'shell'],
    ]);
    expect(pick(await rowsOf('os_version'), 'name', 'major', 'platform', 'arch')).toEqual([
      ['Debian GNU/Linux', 12, 'debian', ''],
    ]);
  });

  it('units and other things that start, from files', async () => {
    expect(pick(await rowsOf('systemd_units'), 'id', 'unit_file_state', 'description', 'user')).toEqual([
      ['gone.service', 'masked', '', ''],
      ['on.service', 'enabled', 'On', 'ann'],
      ['plain.service', 'static', '', ''],
    ]);
    expect(pick(await rowsOf('startup_items'), 'name', 'path', 'args', 'source', 'status', 'username')).toEqual([
      ['on.service', '/usr/bin/on', '--x  --y', '/etc/systemd/system/on.service', 'enabled', 'ann'],
      ['rc.local', '/etc/rc.local', '', '/etc/rc.local', 'enabled', ''],
      ['A', '/usr/bin/a -b', '', '/etc/xdg/autostart/', 'enabled', ''],
      ['B', 'b', '', '/home/ann/.config/autostart/', 'disabled', 'ann'],
    ]);
  });

  it('packages of dpkg, Python and npm', async () => {
    expect(pick(await rowsOf('deb_packages'), 'name', 'version', 'revision', 'size', 'priority')).toEqual([
      ['a', '1:2-3', '3', 7, 'important'],
    ]);
    expect(pick(await rowsOf('deb_package_files', { package: { equal: ['a'] } }), 'package', 'path')).toEqual([
      ['a', '/.'],
      ['a', '/usr/bin/a'],
    ]);
    expect(pick(await rowsOf('python_packages'), 'name', 'version', 'author')).toEqual([['x', '1', 'A']]);
    expect(pick(await rowsOf('npm_packages'), 'name', 'author')).toEqual([['@scope/pack', 'N']]);
  });

  it('logins, of which a cut one is told', async () => {
    const context = new TableContext(new FolderTree(root, 'folder'));
    const rows = [...(hostTables.last.rows(context, new Constraints()) as Iterable<HostRow>)];
    expect(rows).toEqual([
      {
        username: 'ann',
        tty: 'pts/0',
        pid: 42,
        type: 7,
        type_name: 'user-process',
        time: 1_700_000_000,
        host: '10.0.0.5',
      },
    ]);
    expect(context.drainProblems().map(({ code }) => code)).toEqual(['truncated']);
  });

  it('types of files by their first bytes', async () => {
    const rows = await rowsOf('magic', {
      path: { equal: ['/etc/passwd', '/etc/rc.local', '/var/log/wtmp', '/etc', '/none'] },
    });
    expect(pick(rows, 'path', 'mime_type', 'mime_encoding')).toEqual([
      ['/etc/passwd', 'text/plain', 'us-ascii'],
      ['/etc/rc.local', 'text/x-shellscript', 'us-ascii'],
      ['/var/log/wtmp', 'application/octet-stream', 'binary'],
    ]);
  });

  it('extended attributes, in base64 where they are no text', async () => {
    const xattrs = {
      'user.origin': Buffer.from('https://example.org/'),
      'security.selinux': Buffer.from('system_u:object_r:etc_t:s0\0'),
      'security.capability': Buffer.from([1, 0, 0, 2]),
    };
    const tree = new MemoryTree({ '/etc/passwd': { content: '', xattrs }, '/etc/crontab': '' });
    const rows = await rowsOf('extended_attributes', { path: { equal: ['/etc/passwd', '/etc/crontab'] } }, tree);
    expect(pick(rows, 'path', 'directory', 'key', 'value', 'base64')).toEqual([
      ['/etc/passwd', '/etc', 'user.origin', 'https://example.org/', 0],
      ['/etc/passwd', '/etc', 'security.selinux', 'system_u:object_r:etc_t:s0', 0],
      ['/etc/passwd', '/etc', 'security.capability', 'AQAAAg==', 1],
    ]);
  });

  it('rules of YARA that match files, by a file of rules or their text', async () => {
    const sigfile = join(root, 'kit.yar');
    writeFileSync(
      sigfile,
      'rule job : cron { strings: $a = "hourly" condition: $a }\nrule other { condition: false }\n',
    );
    const path = { equal: ['/etc/crontab', '/etc/passwd'] };
    const names = ['path', 'matches', 'count', 'strings', 'tags'] as const;
    expect(pick(await rowsOf('yara', { path, sigfile: { equal: [sigfile] } }), ...names)).toEqual([
      ['/etc/crontab', 'job', 1, '$a:37', 'cron'],
      ['/etc/passwd', '', 0, '', ''],
    ]);
    const sigrule = { equal: ['rule r { strings: $r = "root" condition: #r > 1 }'] };
    expect(pick(await rowsOf('yara', { path, sigrule }), 'path', 'count')).toEqual([
      ['/etc/crontab', 0],
      ['/etc/passwd', 1],
    ]);
    expect(await rowsOf('yara', { path })).toEqual([]);
  });

  it('digests of a file', async () => {
    expect(await rowsOf('hash', { path: { equal: ['/etc/rc.local', '/none', '/etc'] } })).toEqual([
      {
        path: '/etc/rc.local',
        directory: '/etc',
        md5: '3e2b31c72181b87149ff995e7202c0e3',
        sha1: 'bd971bec88149956458a10fc9c5ecb3eb99dd452',
        sha256: 'a8076d3d28d21e02012b20eaf7dbf75409a6277134439025f282e368e3305abf',
      },
    ]);
  });
});

function fits(value: HostRow[string], type: string | undefined): boolean {
  if (value === null || value === undefined) return true;
  return type === 'text' ? typeof value === 'string' : Number.isFinite(value);
}

describe('every table', () => {
  it('of the running machine gives rows that fit its columns', async () => {
    const context = new TableContext(new FolderTree('/'));
    const own = new Constraints(new Map([['pid', { equal: [String(process.pid)], like: [] }]]));
    const live: readonly HostTable[] = Object.values(hostTables).filter(({ needs }) => needs === 'live');
    for (const table of live) {
      const known = { ...table.columns, ...table.hidden };
      for await (const row of table.rows(context, own)) {
        const wrong = Object.entries(row).filter(([name, value]) => !fits(value, known[name]));
        expect([table.id, wrong]).toEqual([table.id, []]);
      }
    }
    expect(live.length).toBeGreaterThan(20);
  });

  it('sees this process', async () => {
    const [row] = await rowsOf('processes', { pid: { equal: [String(process.pid)] } });
    expect(row).toMatchObject({ pid: process.pid, path: process.execPath, parent: process.ppid, on_disk: 0 });
  });
});

describe('keys', () => {
  it.each([
    ['ssh-rsa AAAA a b', { algorithm: 'ssh-rsa', key: 'AAAA', options: '', comment: 'a b' }],
    [
      'command="echo \\"hi\\" x",no-pty ecdsa-sha2-nistp256 BBBB',
      { algorithm: 'ecdsa-sha2-nistp256', key: 'BBBB', options: 'command="echo \\"hi\\" x",no-pty', comment: '' },
    ],
    ['# ssh-rsa AAAA', undefined],
    ['hello world', undefined],
  ])('%s', (line, key) => {
    expect(readPublicKey(line)).toEqual(key);
  });

  it('that are protected by a passphrase are told from those that are not', () => {
    const part = (text: string | Buffer): Buffer => {
      const body = Buffer.from(text);
      const length = Buffer.alloc(4);
      length.writeUInt32BE(body.length);
      return Buffer.concat([length, body]);
    };
    const file = (cipher: string): string => {
      const blob = part(Buffer.concat([part('ssh-ed25519'), part('x')]));
      const body = Buffer.concat([
        Buffer.from('openssh-key-v1\0'),
        part(cipher),
        part('none'),
        part(''),
        Buffer.alloc(4),
        blob,
      ]);
      return `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;
    };
    expect(readOpensshKey(file('none'))).toEqual({ isEncrypted: false, type: 'ssh-ed25519' });
    expect(readOpensshKey(file('aes256-ctr'))).toEqual({ isEncrypted: true, type: 'ssh-ed25519' });
    expect(readOpensshKey('-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END')).toBeUndefined();
  });

  it('names of certificates stand on one line', () => {
    expect(oneLine('C=US\nO=Go Daddy\\, Inc.')).toBe('/C=US/O=Go Daddy, Inc.');
    expect(oneLine('C=IT\nO=Actalis S.p.A./033 \\+ 1\nOU=a + CN=Ş')).toBe(
      String.raw`/C=IT/O=Actalis S.p.A.\/033 \+ 1/OU=a/CN=\xC5\x9E`,
    );
    expect(oneLine(String.raw`CN=a\0Ab\\c`)).toBe(String.raw`/CN=a\x0Ab\c`);
    expect(oneLine('')).toBe('');
  });

  it('an algorithm is read out of a certificate, and a cut one has none', () => {
    // SEQUENCE { SEQUENCE {}, SEQUENCE { OID 1.3.101.112 } }
    expect(signingAlgorithm(Buffer.from('3009300030053003062b6570', 'hex'))).toBe('');
    expect(signingAlgorithm(Buffer.from('30093000300506032b6570', 'hex'))).toBe('ED25519');
    expect(signingAlgorithm(Buffer.from('3082ffff', 'hex'))).toBe('');
  });
});
