import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contentOf, decodeContent, placesOf, type Decoded } from '../../../../tests/support/decode-content.ts';
import { parseIsoMicros } from '../../../base/time.ts';
import { source } from './index.ts';
import { placeOf } from './place.ts';

const archive = 'uac-web1-linux-20260301100000';
const folder = new URL('testdata/', import.meta.url);
const collected = parseIsoMicros('2026-03-01T10:00:00Z');
const read = (name: string): Promise<Decoded> =>
  decodeContent(source, readFileSync(new URL(`${archive}/${name}`, folder)), `x/${archive}.tar.gz!${name}`);
const lines = (name: string, ...text: string[]): Promise<Decoded> =>
  decodeContent(source, `${text.join('\n')}\n`, `${archive}.tar.gz!live_response/${name}.txt`);
const columnsOf = ({ events }: Decoded): Record<string, unknown>[] => events.map((event) => contentOf(event));

describe('uac, detect', () => {
  it('knows outputs by where they stand, in an archive and unpacked', () => {
    const samples = globSync('**/*.*', { cwd: folder }).filter((name) => /\.(?:txt|md5)$/.test(name));
    expect(samples.length).toBeGreaterThan(5);
    for (const name of samples) expect(source.detect(name, Buffer.from('x'))).toBe('certain');
  });

  it('does not know copies of files, nor names that only look alike', () => {
    for (const name of [
      'a.tar.gz![root]/home/eve/live_response/process/ps_-ef.txt',
      'live_response/process/recovered.dd',
      'my_live_response/ps.txt',
      'bodyfile.txt',
    ]) {
      expect(source.detect(name, Buffer.from('x'))).toBeUndefined();
    }
    expect(source.detect('live_response/system/x.txt', Buffer.from('a\0b'))).toBeUndefined();
  });

  it('reads host, time and process from a path', () => {
    expect(placeOf(`x/uac-db-2.example-freebsd-20260301100000.tar.gz!live_response/process/proc/9/fd.txt`)).toEqual({
      form: 'text',
      name: 'fd',
      algorithm: undefined,
      pid: 9,
      host: 'db-2.example',
      time: collected,
    });
  });
});

describe('uac, processes', () => {
  it('makes processes of a list that says when they began, but not of the threads of the kernel', async () => {
    const decoded = await read('live_response/process/ps_-axo_pid_user_lstart_args.txt');
    expect(decoded.problems).toEqual([]);
    expect(columnsOf(decoded)).toMatchObject([
      { kind: 'process', process_pid: 1, process_executable: '/sbin/init' },
      { kind: 'log', process_pid: 2, process_name: 'kthreadd', time: parseIsoMicros('2026-02-28T22:14:03Z') },
      { kind: 'process', process_pid: 712, process_name: 'sshd' },
      {
        kind: 'process',
        time: parseIsoMicros('2026-03-01T09:41:02Z'),
        event_action: 'exec',
        host_name: 'web1',
        event_dataset: 'uac.ps_-axo_pid_user_lstart_args',
        evidence_at: 5,
        process_pid: 4711,
        process_name: 'kworker',
        process_executable: '/tmp/.x/kworker',
        process_command_line: '/tmp/.x/kworker -o 203.0.113.9:443',
        user_name: 'www-data',
      },
      { kind: 'process', process_pid: 4712, process_command_line: '[kworker/0:1]' },
      { kind: 'log', message: 'ps: a line that is none', time: collected },
    ]);
  });

  it('keeps other lists as log records, with parents and terminals', async () => {
    expect(columnsOf(await read('live_response/process/ps_auxwwwf.txt'))).toMatchObject([
      { kind: 'log', process_pid: 712, process_name: 'sshd' },
      { process_pid: 1200, process_name: 'bash', process_command_line: '-bash', process_tty: 'pts/9' },
      { process_pid: 1300, process_command_line: 'vi notes | more', user_name: 'anna' },
    ]);
    const ef = await lines(
      'process/ps_-ef',
      '     UID PID PPID C STIME TTY TIME CMD',
      'root 7 2 0 Feb 28 ? 0:00 /usr/sbin/cron -f',
    );
    expect(columnsOf(ef)).toMatchObject([
      { process_pid: 7, process_parent_pid: 2, process_executable: '/usr/sbin/cron' },
    ]);
  });

  it('reads times of systems that write the day first', async () => {
    const [event] = columnsOf(
      await lines('process/ps_-eo_pid_user_lstart_args', '9 a Sun  1 Mar 09:41:02 2026 /bin/x'),
    );
    expect(event).toMatchObject({ kind: 'process', time: parseIsoMicros('2026-03-01T09:41:02Z') });
  });

  it('joins what stands below /proc with its process, and programs with their files', async () => {
    expect(columnsOf(await read('live_response/process/proc/4711/cmdline.txt'))).toMatchObject([
      { kind: 'log', process_pid: 4711, message: '/tmp/.x/kworker -o' },
    ]);
    const programs = await lines(
      'process/running_processes_full_paths',
      'lrwxrwxrwx 1 root root 0 Mar  1 10:00 /proc/4711/exe -> /tmp/.x/kworker (deleted)',
    );
    expect(columnsOf(programs)).toMatchObject([
      { process_pid: 4711, process_executable: '/tmp/.x/kworker', fields: { deleted: 'true' } },
    ]);
  });
});

describe('uac, sockets', () => {
  it('tells who called whom, with every process that holds the socket', async () => {
    expect(columnsOf(await read('live_response/network/ss_-anp.txt'))).toMatchObject([
      { kind: 'log', message: 'nl    UNCONN 0      0                     0:712                  *' },
      { kind: 'log' },
      { kind: 'socket', event_action: 'bind', source_ip: '127.0.0.53', source_port: 53, network_transport: 'udp' },
      {
        kind: 'socket',
        event_action: 'listen',
        source_ip: '::',
        source_port: 22,
        process_pid: 712,
        socket_family: 'inet6',
      },
      { kind: 'socket', event_action: 'listen', process_pid: 1, process_name: 'systemd' },
      { event_action: 'accept', source_ip: '198.51.100.7', destination_ip: '10.0.0.5', destination_port: 22 },
      { event_action: 'connect', destination_ip: '203.0.113.9', destination_port: 443, process_pid: 4711 },
      { kind: 'log', source_ip: '10.0.0.9', destination_ip: '10.0.0.5', fields: { state: 'TIME_WAIT' } },
    ]);
  });

  it('reads netstat of Linux and of BSD, and old forms of ss', async () => {
    const netstat = await lines(
      'network/netstat_-anp',
      'Active Internet connections (servers and established)',
      'tcp6       0      0 :::80      :::*    LISTEN      901/nginx: master p',
      'udp        0      0 0.0.0.0:68   0.0.0.0:*           612/dhclient',
      'tcp4       0      0 10.0.0.5.50022   203.0.113.9.443   ESTABLISHED',
    );
    expect(columnsOf(netstat)).toMatchObject([
      {
        kind: 'socket',
        event_action: 'listen',
        source_ip: '::',
        source_port: 80,
        process_pid: 901,
        process_name: 'nginx',
      },
      { kind: 'socket', event_action: 'bind', source_port: 68, process_name: 'dhclient' },
      { kind: 'log', source_ip: '10.0.0.5', source_port: 50_022, destination_ip: '203.0.113.9', destination_port: 443 },
    ]);
    const old = await lines(
      'network/ss_-tanp',
      'ESTAB 0 0 ::ffff:10.0.0.5:45000 ::ffff:203.0.113.9:443 users:(("nc",77,3))',
    );
    expect(columnsOf(old)).toMatchObject([
      { kind: 'socket', source_ip: '10.0.0.5', destination_port: 443, process_pid: 77 },
    ]);
  });
});

describe('uac, lists', () => {
  it('tells who was logged in, and keeps what has no year as text', async () => {
    expect(columnsOf(await read('live_response/system/who_-T.txt'))).toMatchObject([
      {
        kind: 'user_session',
        event_action: 'login',
        target_user_name: 'anna',
        process_tty: 'pts/9',
        source_ip: '198.51.100.7',
        time: parseIsoMicros('2026-03-01T09:40:00Z'),
      },
      { kind: 'user_session', target_user_name: 'bert', process_tty: 'tty1' },
      { kind: 'log', message: 'eve      + pts/1        Mar  1 09:41 (old form)' },
    ]);
  });

  it('reads last, modules, packages and open files', async () => {
    const last = 'anna     pts/9        Sun Mar  1 09:40:02 2026 - Sun Mar  1 09:55:00 2026  (00:14)     198.51.100.7';
    expect(columnsOf(await lines('system/last_-a_-F', last, '', 'wtmp begins Sun Mar  1 00:00:00 2026'))).toMatchObject(
      [
        { kind: 'log', time: parseIsoMicros('2026-03-01T09:40:02Z'), user_name: 'anna', source_ip: '198.51.100.7' },
        { kind: 'log', time: collected },
      ],
    );
    const fieldsOf = async (name: string, ...text: string[]): Promise<unknown[]> =>
      columnsOf(await lines(name, ...text)).map(({ fields }) => fields);
    expect(await fieldsOf('system/lsmod', 'Module  Size  Used by', 'nf_nat 57344 2 xt_nat,nft')).toEqual([
      { module: 'nf_nat', size: 57_344, uses: 2, used_by: 'xt_nat,nft' },
    ]);
    expect(await fieldsOf('packages/dpkg_-l', '||/ Name Version', 'ii  bash  5.2.26-1  amd64  GNU shell')).toEqual([
      { name: 'bash', version: '5.2.26-1', architecture: 'amd64', state: 'ii' },
    ]);
    const rpm = await lines(
      'packages/rpm_-q_-a_--queryformat_installtime_name_version_release',
      '1700000000~bash~5.2-3',
    );
    expect(columnsOf(rpm)).toMatchObject([{ time: 1_700_000_000_000_000, fields: { name: 'bash', version: '5.2-3' } }]);
    expect(
      columnsOf(await lines('process/lsof_-nPl', 'COMMAND PID USER', 'sshd 712 0 cwd DIR 8,1 4096 2 /')),
    ).toMatchObject([{ process_name: 'sshd', process_pid: 712 }]);
  });

  it('makes a timeline of the body file, and reads digests', async () => {
    expect(columnsOf(await read('bodyfile/bodyfile.txt')).map(({ time, fields }) => [time, fields])).toMatchObject([
      [1_772_358_061_000_000, { macb: 'm.c.', path: '/tmp/.x/kworker', mode: '-rwxr-xr-x', uid: 33, size: 1_048_576 }],
      [1_772_358_062_000_000, { macb: '.a..' }],
      [1_772_358_060_000_000, { macb: '...b' }],
      [collected, { path: '/bin', target: 'usr/bin' }],
    ]);
    expect(columnsOf(await read('hash_executables/hash_executables.md5'))).toMatchObject([
      { fields: { md5: 'd41d8cd98f00b204e9800998ecf8427e', path: '/usr/bin/id' } },
    ]);
    const bsd = await decodeContent(
      source,
      `SHA1 (/bin/ls) = ${'A'.repeat(40)}\n`,
      'hash_executables/hash_executables.sha1',
    );
    expect(columnsOf(bsd)).toMatchObject([{ fields: { sha1: 'a'.repeat(40), path: '/bin/ls' } }]);
    expect(placesOf(bsd.problems)).toEqual([['partly-seen', undefined]]);
  });
});
