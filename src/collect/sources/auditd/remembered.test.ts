import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../../events/event.ts';
import { decodeContent } from '../../../../tests/support/decode-content.ts';
import { source } from './index.ts';

const container = 'a'.repeat(64);

/** Lines of audit events, each a list of records without their time and number. */
function log(...events: readonly (readonly string[])[]): string {
  return events
    .map((records, index) =>
      records
        .map((record) => record.replace(/^(\w+) /, `type=$1 msg=audit(${1000 + index}.000:${index + 1}): `))
        .join('\n'),
    )
    .join('\n');
}

/** `call` of x86-64 with its result and first arguments. */
function call(call: number, exit: number, args: readonly string[], rest = 'ppid=1 pid=10 uid=0 euid=0 exe="/bin/nc"') {
  const given = ['0', '0', '0'].map((none, index) => `a${index}=${args[index] ?? none}`).join(' ');
  return `SYSCALL arch=c000003e syscall=${call} success=${exit < 0 ? 'no' : 'yes'} exit=${exit} ${given} items=0 ${rest} comm="x" key="k"`;
}

async function rowsOf(...events: readonly (readonly string[])[]): Promise<EventRow[]> {
  const { events: rows } = await decodeContent(source, log(...events));
  return rows as unknown as EventRow[];
}

describe('a socket that becomes standard input or output', () => {
  const connected = ['SOCKADDR saddr=0200115C7F0000010000000000000000'];

  it('is told with the other side, when it was made and connected before', async () => {
    const rows = await rowsOf(
      [call(41, 3, ['2', '1'])],
      [call(42, 0, ['3']), ...connected],
      [call(33, 0, ['3', '0'])],
      [call(33, 1, ['0', '1'])],
    );
    const told = rows.filter((row) => row['event_action'] === 'dup');
    expect(
      told.map((row) => [row['kind'], row['socket_family'], row['destination_ip'], row['destination_port']]),
    ).toEqual([
      ['socket', 'inet', '127.0.0.1', 4444],
      ['socket', 'inet', '127.0.0.1', 4444],
    ]);
  });

  it('is told of a connection that was accepted, also in a child', async () => {
    const child = 'ppid=10 pid=11 uid=0 euid=0 exe="/bin/nc"';
    const rows = await rowsOf([call(41, 3, ['a', '1'])], [call(43, 4, ['3'])], [call(33, 0, ['4', '0'], child)]);
    expect(rows.filter((row) => row['event_action'] === 'dup').map((row) => row['socket_family'])).toEqual(['inet6']);
  });

  it('is told whatever its number, when a process made more of them than are remembered', async () => {
    const many = Array.from({ length: 20 }, (_none, at) => [call(41, 20 + at, ['2', '1'])]);
    const rows = await rowsOf(
      ...many,
      [call(41, 3, ['a', '1'])],
      [call(33, 0, ['3', '0'])],
      [call(33, 1, ['14', '1'])],
    );
    // The newest is, though its number is the lowest; the oldest (20, in hexadecimal 14) is not.
    expect(rows.filter((row) => row['event_action'] === 'dup').map((row) => row['socket_family'])).toEqual(['inet6']);
  });

  it('is not told of files, of sockets of the machine, of descriptors used again, and of other processes', async () => {
    const other = 'ppid=7 pid=10 uid=0 euid=0 exe="/bin/sh"';
    const rows = await rowsOf(
      [call(41, 3, ['1', '1'])],
      [call(33, 0, ['3', '0'])],
      [call(41, 5, ['2', '1'])],
      // The socket was closed, which no rule asks for.
      [call(2, 5, ['0'])],
      [call(33, 1, ['5', '1'])],
      [call(41, 6, ['2', '1'])],
      [call(33, 1, ['6', '1'], other)],
      [call(33, 7, ['6', '7'])],
    );
    expect(rows.filter((row) => row['event_action'] === 'dup')).toEqual([]);
  });
});

describe('what the log told of a process before', () => {
  const actor = (pid: number, exe: string): string => `ppid=1 pid=${pid} uid=0 euid=0 exe="${exe}"`;
  const start = (pid: number, inode: number, device = '00:2a'): string[] => [
    call(59, 0, [], actor(pid, '/bin/sh')),
    'BPRM_FCAPS fver=0 old_pe=0 pp=000001ffffffffff pi=0 pe=000001ffffffffff pa=0',
    'EXECVE argc=1 a0="sh"',
    `PATH item=0 name="/bin/sh" inode=${inode} dev=${device} mode=0100755 ouid=0 ogid=0 nametype=NORMAL`,
    `CONTAINER_ID op=x opid=${pid} contid=${container}`,
  ];
  const make = (pid: number, inode: number, device = '00:2a'): string[] => [
    call(257, 3, ['ffffff9c', '0', '241'], actor(pid, '/bin/sh')),
    `PATH item=0 name="/tmp/x" inode=${inode} dev=${device} mode=0100755 ouid=0 ogid=0 nametype=CREATE`,
    `CONTAINER_ID op=x opid=${pid} contid=${container}`,
  ];
  const fieldsOf = (row: EventRow | undefined): Record<string, unknown> =>
    JSON.parse(String(row?.['fields'] ?? '{}')) as Record<string, unknown>;

  it('is its capabilities, until it may have others', async () => {
    const rows = await rowsOf(start(10, 1), make(10, 2), [call(105, 0, [], actor(10, '/bin/sh'))], make(10, 3));
    const opened = rows.filter(({ kind }) => kind === 'file_access').map((row) => fieldsOf(row)['cap_effective']);
    expect(opened).toEqual(['000001ffffffffff', undefined]);
  });

  it('is that a program was made in its container, on the device of its image', async () => {
    const rows = await rowsOf(
      start(10, 1),
      make(10, 2),
      make(10, 9, '00:99'),
      start(11, 2),
      start(12, 9, '00:99'),
      start(13, 1),
    );
    const started = rows.filter(({ kind }) => kind === 'process').map((row) => fieldsOf(row)['is_upper_layer']);
    expect(started).toEqual([undefined, 'true', undefined, undefined]);
  });
});

describe('a call on a socket that was made before', () => {
  it('tells the transport that it was made for, and none where that is not known', async () => {
    const far = 'SOCKADDR saddr=020000350A0000010000000000000000';
    const rows = await rowsOf(
      [call(41, 3, ['2', '2'])],
      [call(44, 9, ['3']), far],
      [call(41, 4, ['2', '1'])],
      [call(42, -115, ['4']), far],
      [call(42, 0, ['9']), far],
      [call(33, 0, ['4', '0'])],
    );
    const told = rows.map((row) => [row['event_action'], row['network_transport']]);
    expect(told.filter(([action]) => action !== 'socket')).toEqual([
      ['send', 'udp'],
      ['connect', 'tcp'],
      ['connect', null],
      ['dup', 'tcp'],
    ]);
  });
});
