import { describe, expect, it } from 'vitest';
import { CaptureBuilder, tuple } from '../../../../tests/support/scap-capture.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { contentStart, type Batch, type Checkpoint } from '../../source.ts';
import { source } from './index.ts';

async function decode(bytes: Uint8Array, start: Checkpoint = contentStart): Promise<Batch[]> {
  const context = { name: 'x.scap', start, growing: false, logger: silentLogger };
  async function* content(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096);
  }
  const batches: Batch[] = [];
  for await (const batch of source.decode(content(), context)) batches.push(batch);
  return batches;
}

async function events(bytes: Uint8Array): Promise<VakthundEvent[]> {
  return (await decode(bytes)).flatMap((batch) => batch.events);
}

const start = (): CaptureBuilder =>
  new CaptureBuilder()
    .machine('web1')
    .users({ 0: 'root', 33: 'www-data' })
    .processes(
      { tid: 1, parent: 0, name: 'apache2', exe: '/usr/sbin/apache2', path: '/usr/sbin/apache2', args: ['-D'] },
      {
        tid: 50,
        name: 'sh',
        exe: 'sh',
        path: '/bin/dash',
        uid: 33,
        directory: '/var/www',
        tty: 0x8801,
        loginUid: 1000,
      },
    )
    .files(50, { 3: '/lib/modules/x.ko' });

const memory = [0, 0, 0, 0, 0];
const executed = (result: number, uid: number): (number | bigint | string | Uint8Array)[] => {
  const program = [result, 'curl', Buffer.from('-s\0http://192.0.2.1\0'), 50, 50, 1, '', 1024];
  const surroundings = ['curl', Buffer.from('cpu=/\0'), Buffer.from('LD_PRELOAD=/tmp/x.so\0'), 0x8801, 50, 1000];
  const rights = [0, 0n, 0n, 0n, 7n, 0n, 0n, uid];
  return [...program, ...memory, ...surroundings, ...rights, '/usr/bin/curl'];
};

describe('events of a capture', () => {
  it('tells a program that was started, with who, where and what of', async () => {
    const [row] = await events(start().call('SYSCALL_EXECVE_19', 50, ['/usr/bin/curl'], executed(0, 33)).bytes);
    expect(row).toMatchObject({
      kind: 'process',
      time: 1_700_000_000_000_002,
      event_dataset: 'scap.syscall',
      host_name: 'web1',
      evidence_at: 2,
      event_action: 'exec',
      event_outcome: 'success',
      process_pid: 50,
      process_name: 'curl',
      process_executable: '/usr/bin/curl',
      process_command_line: 'curl -s http://192.0.2.1',
      process_args: ['curl', '-s', 'http://192.0.2.1'],
      process_parent_pid: 1,
      process_parent_name: 'apache2',
      process_parent_executable: '/usr/sbin/apache2',
      process_working_directory: '/var/www',
      process_tty: 'pts1',
      user_id: 33,
      user_name: 'www-data',
      login_id: 1000,
      is_privileged_change: false,
    });
    expect(JSON.parse((row as EventRow | undefined)?.['fields'] as string)).toMatchObject({
      'evt.type': 'execve',
      'evt.arg.env': 'LD_PRELOAD=/tmp/x.so',
    });
  });

  it('sees a program that makes its user root', async () => {
    const rows = await events(start().call('SYSCALL_EXECVE_19', 50, ['/usr/bin/curl'], executed(0, 0)).bytes);
    expect(rows).toMatchObject([{ is_privileged_change: true, user_id: 0, user_name: 'root' }]);
  });

  it('tells files by what they were opened for, and both names of a rename', async () => {
    const rows = await events(
      start()
        .call('SYSCALL_OPEN', 50, ['index.php', 2, 0], [4, 'index.php', 2, 0])
        .call('SYSCALL_OPEN', 50, ['/etc/shadow', 1, 0], [-13, '/etc/shadow', 1, 0])
        .call('SYSCALL_OPEN', 50, ['/tmp/new', 16_390, 0], [5, '/tmp/new', 16_390, 0])
        .call('SYSCALL_RENAMEAT2', 50, [], [0, -100, 'a', -100, '/etc/cron.d/b', 0])
        .call('SYSCALL_FCHMOD', 50, [], [0, 4, 0o755]).bytes,
    );
    expect(rows.map((row) => [(row as EventRow)['event_action'], (row as EventRow)['file_path']])).toEqual([
      ['write', '/var/www/index.php'],
      ['read', '/etc/shadow'],
      ['create', '/tmp/new'],
      ['rename', '/var/www/a'],
      ['attribute', '/var/www/index.php'],
    ]);
    expect(rows[1]).toMatchObject({ event_outcome: 'failure', syscall: 'open' });
    expect(rows[3]).toMatchObject({ file_target_path: '/etc/cron.d/b' });
  });

  it('tells connections with both ends, also of those that go on in the background', async () => {
    const ends = tuple([10, 0, 0, 5], 40_000, [192, 0, 2, 1], 443);
    const rows = await events(
      start().call('SOCKET_SOCKET', 50, [2, 1, 6], [4]).call('SOCKET_CONNECT', 50, [4], [-115, ends, 4]).bytes,
    );
    expect(rows).toMatchObject([
      {
        kind: 'socket',
        event_action: 'connect',
        event_outcome: null,
        source_ip: '10.0.0.5',
        source_port: 40_000,
        destination_ip: '192.0.2.1',
        destination_port: 443,
        network_transport: 'tcp',
        socket_family: 'inet',
      },
    ]);
  });

  it('tells modules, ends of processes, and no reading or writing', async () => {
    const rows = await events(
      start()
        .call('SYSCALL_READ', 50, [3, 10], [10, Buffer.from('0123456789')])
        .call('SYSCALL_FINIT_MODULE', 50, [], [0, 3, 'p=1', 0])
        .event('PROCEXIT_1_E', 50, 0x0100, 1, 0, 0, 0).bytes,
    );
    expect(rows).toMatchObject([
      { kind: 'kernel_module', event_action: 'load', event_outcome: 'success', file_path: '/lib/modules/x.ko' },
      { kind: 'process', event_action: 'exit', process_exit_code: 1 },
    ]);
  });
});

describe('going on from a checkpoint', () => {
  it('hands over the rest, once', async () => {
    const builder = start();
    for (let round = 0; round < 3000; round++) {
      builder
        .call('SYSCALL_OPEN', 50, [`f${round}`, 1, 0], [4, `f${round}`, 1, 0])
        .call('SYSCALL_CLOSE', 50, [4], [0, 4]);
    }
    const batches = await decode(builder.bytes);
    const all = batches.flatMap((batch) => batch.events);
    const [first] = batches;
    expect(all).toHaveLength(3000);
    if (first === undefined) throw new Error('no batch');
    const rest = (await decode(builder.bytes, first.checkpoint)).flatMap((batch) => batch.events);
    expect([...first.events, ...rest]).toEqual(all);
    expect((await decode(builder.bytes, batches.at(-1)?.checkpoint)).flatMap((batch) => batch.events)).toEqual([]);
  });

  it('reports a cut end once', async () => {
    const { bytes } = start().event('SYSCALL_CLOSE_E', 50, 3);
    const batches = await decode(bytes.subarray(0, bytes.length - 3));
    expect(batches.flatMap((batch) => batch.problems)).toMatchObject([{ code: 'truncated' }]);
  });
});

describe('detection', () => {
  it('is certain by the block behind the header, and leaves pcapng alone', () => {
    const { bytes } = start();
    expect(source.detect('x', bytes)).toBe('certain');
    expect(source.detect('x', new CaptureBuilder({ littleEndian: false }).machine('a').bytes)).toBe('certain');
    const pcapng = new CaptureBuilder().block(1, [Buffer.alloc(16)]).bytes;
    expect(source.detect('x.scap', pcapng)).toBeUndefined();
    expect(source.detect('x.scap', bytes.subarray(0, 20))).toBeUndefined();
  });
});
