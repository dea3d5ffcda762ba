import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CaptureBuilder, tuple } from '../../../../tests/support/scap-capture.ts';
import { ProblemList, type Problem } from '../../../base/problem.ts';
import { CaptureReader } from './capture.ts';
import { resolveField } from './fields/resolve.ts';

interface Shown {
  readonly fields: readonly string[];
  readonly chunkBytes?: number;
}

/** Values of fields for each event that is shown, and the problems met. */
function show(
  bytes: Uint8Array,
  { fields, chunkBytes = bytes.length }: Shown,
): { rows: unknown[][]; problems: Problem[] } {
  const getters = fields.map((name) => {
    const [, base = name, argument] = /^([^[]+)\[(.+)\]$/.exec(name) ?? [];
    const field = resolveField(base, argument);
    if ('absent' in field) throw new Error(`${name}: ${field.absent}`);
    return field.get;
  });
  const problems = new ProblemList();
  const reader = new CaptureReader(problems);
  const rows: unknown[][] = [];
  const readAll = (): void => {
    for (let record = reader.next(); record !== undefined; record = reader.next()) {
      const at = record;
      rows.push(getters.map((get) => get(at)));
    }
  };
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    reader.feed(bytes.subarray(at, at + chunkBytes));
    readAll();
  }
  reader.end();
  readAll();
  reader.finish();
  return { rows, problems: problems.drain() };
}

const last = (bytes: Uint8Array, ...fields: string[]): unknown[] | undefined => show(bytes, { fields }).rows.at(-1);

const shell = {
  tid: 10,
  name: 'bash',
  exe: '/bin/bash',
  path: '/usr/bin/bash',
  directory: '/root',
  uid: 1000,
  loginUid: 1000,
  tty: 34_817,
};
const init = { tid: 1, parent: 0, name: 'systemd', args: ['--system'] };
const machine = (options?: { littleEndian?: boolean }): CaptureBuilder =>
  new CaptureBuilder(options)
    .machine('web1')
    .users({ 0: 'root', 1000: 'anna' })
    .processes(init, shell)
    .files(10, { 3: '/etc' });

/** Parameters of the exit of execve in its last version. */
function executed(exe: string, args: string, name: string, pid: number): (number | bigint | string | Uint8Array)[] {
  const memory = [0, 0, 0, 0, 0];
  const identity = [0x8801, pid, 1000, 2, 0n, 3n, 1n, 77n, 5n, 6n, 0];
  return [
    0,
    exe,
    Buffer.from(args),
    pid,
    pid,
    1,
    '/root',
    1024,
    ...memory,
    name,
    Buffer.from('cpu=/\0'),
    Buffer.from('A=1\0B=2\0'),
    ...identity,
  ];
}

function cloned(result: number, tid: number, pid: number, flags: number): (number | string | Uint8Array)[] {
  const memory = [0, 0, 0, 0, 0];
  return [
    result,
    '/bin/bash',
    Buffer.from('-i\0'),
    tid,
    pid,
    1,
    '',
    1024,
    ...memory,
    'bash',
    Buffer.from('cpu=/\0'),
    flags,
    1000,
    1000,
    tid,
    pid,
  ];
}

describe('state at the start', () => {
  const capture = machine().call('SYSCALL_CHDIR', 10, [], [0, 'work']);

  it('tells who does something from the lists of the capture', () => {
    const fields = ['proc.name', 'proc.pname', 'proc.exepath', 'user.name', 'user.loginname', 'proc.tty', 'proc.cwd'];
    expect(show(capture.bytes, { fields }).rows).toEqual([
      ['bash', 'systemd', '/usr/bin/bash', 'anna', 'anna', 34_817, '/root/'],
      ['bash', 'systemd', '/usr/bin/bash', 'anna', 'anna', 34_817, '/root/work/'],
    ]);
  });

  it('reads the other byte order', () => {
    const swapped = machine({ littleEndian: false }).call('SYSCALL_CHDIR', 10, [], [0, 'work']);
    expect(last(swapped.bytes, 'proc.cwd', 'user.name', 'evt.rawres')).toEqual(['/root/work/', 'anna', 0]);
  });

  it('makes nothing up for a thread that was never told of', () => {
    const { bytes } = machine().event('SYSCALL_CLOSE_E', 999, 5);
    expect(last(bytes, 'proc.name', 'proc.pname', 'user.name', 'fd.name', 'fd.num')).toEqual([
      '<NA>',
      undefined,
      undefined,
      undefined,
      5,
    ]);
  });
});

describe('processes', () => {
  it('follows fork and execve, with parents and environment', () => {
    const { bytes } = machine()
      .event('SYSCALL_CLONE_20_X', 10, ...cloned(20, 10, 10, 0))
      .call('SYSCALL_EXECVE_19', 20, ['/usr/bin/id'], executed('id', '-u\0', 'id', 20))
      .call('SYSCALL_CHDIR', 20, [], [0, '/tmp']);
    const fields = [
      'proc.cmdline',
      'proc.exepath',
      'proc.aname[1]',
      'proc.aname[2]',
      'proc.aname',
      'proc.env[B]',
      'proc.is_exe_upper_layer',
    ];
    expect(last(bytes, ...fields)).toEqual(['id -u', '/usr/bin/id', 'bash', 'systemd', ['bash', 'systemd'], '2', true]);
    expect(last(bytes, 'thread.cap_permitted', 'proc.exe_ino', 'proc.duration')).toEqual([
      'CAP_CHOWN CAP_DAC_OVERRIDE',
      77n,
      4000,
    ]);
  });

  it('keeps a process as long as a thread of it lives, with its descriptors', () => {
    const thread = 0x2000;
    const { bytes } = machine()
      .event('SYSCALL_CLONE_20_X', 10, ...cloned(11, 10, 10, thread))
      .event('PROCEXIT_1_E', 10, 0, 0, 0, 0, 0)
      .event('SYSCALL_FSTAT_E', 11, 3);
    expect(last(bytes, 'fd.name', 'proc.pid', 'thread.ismain', 'proc.nthreads')).toEqual(['/etc', 10, false, 2]);
  });

  it('forgets a process that has ended only after its last event', () => {
    const { bytes } = machine().event('PROCEXIT_1_E', 10, 256, 1, 0, 0, 0).event('SYSCALL_CLOSE_E', 10, 3);
    expect(show(bytes, { fields: ['proc.name'] }).rows).toEqual([['bash'], ['<NA>']]);
  });

  it('ends with parents that go round', () => {
    const { bytes } = new CaptureBuilder()
      .processes({ tid: 5, parent: 6, name: 'a' }, { tid: 6, parent: 5, name: 'b' })
      .event('SYSCALL_CLOSE_E', 5, 1);
    expect(last(bytes, 'proc.aname', 'proc.aname[200]')).toEqual([['b'], 'a']);
  });

  it('takes on the identity that a call asked for, when it succeeds', () => {
    const { bytes } = machine().call('SYSCALL_SETUID', 10, [0], [-1]).call('SYSCALL_SETUID', 10, [0], [0]);
    expect(show(bytes, { fields: ['user.name'] }).rows).toEqual([['anna'], ['anna'], ['anna'], ['root']]);
  });
});

describe('file descriptors', () => {
  it('names files by the directory that they were opened from', () => {
    const { bytes } = machine()
      .call('SYSCALL_OPEN', 10, ['notes', 1, 0], [4, 'notes', 1, 0])
      .call('SYSCALL_OPENAT_2', 10, [3, '../etc/./shadow', 1, 0], [5, 3, '../etc/./shadow', 1, 0])
      .event('SYSCALL_FSTAT_E', 10, 4);
    const fields = ['fd.num', 'fd.name', 'fd.directory', 'fd.filename', 'fd.nameraw'];
    const { rows } = show(bytes, { fields });
    expect(rows[1]).toEqual([4, '/root/notes', '/root', 'notes', 'notes']);
    expect(rows[3]).toEqual([5, '/etc/shadow', '/etc', 'shadow', '../etc/./shadow']);
    expect(rows[4]).toEqual([4, '/root/notes', '/root', 'notes', 'notes']);
  });

  it('names the file that could not be opened', () => {
    const { bytes } = machine().call('SYSCALL_OPENAT_2', 10, [-100, 'x', 1, 0], [-2, -100, 'x', 1, 0]);
    expect(last(bytes, 'fd.name', 'fd.typechar', 'evt.res', 'evt.failed', 'evt.arg.name')).toEqual([
      '/root/x',
      'f',
      'ENOENT',
      true,
      '/root/x',
    ]);
  });

  it('closes with the event after the close, and copies by dup', () => {
    const { bytes } = machine()
      .call('SYSCALL_DUP2', 10, [3], [7, 3, 7])
      .call('SYSCALL_CLOSE', 10, [3], [0, 3])
      .event('SYSCALL_FSTAT_E', 10, 3)
      .event('SYSCALL_FSTAT_E', 10, 7);
    const { rows } = show(bytes, { fields: ['fd.name', 'proc.fdopencount'] });
    expect(rows.slice(-3)).toEqual([
      ['/etc', 2],
      [undefined, 1],
      ['/etc', 1],
    ]);
  });

  it("leaves a parent's descriptors alone when the child changes its own", () => {
    const { bytes } = machine()
      .event('SYSCALL_CLONE_20_X', 10, ...cloned(20, 10, 10, 0))
      .call('SYSCALL_CLOSE', 20, [3], [0, 3])
      .event('SYSCALL_FSTAT_E', 20, 3)
      .event('SYSCALL_FSTAT_E', 10, 3);
    expect(show(bytes, { fields: ['fd.name'] }).rows.slice(-2)).toEqual([[undefined], ['/etc']]);
  });
});

describe('sockets', () => {
  const ends = tuple([10, 0, 0, 5], 40_000, [192, 0, 2, 1], 443);
  const opened = (): CaptureBuilder => machine().interfaces([10, 0, 0, 5]).call('SOCKET_SOCKET', 10, [2, 1, 6], [4]);

  it('knows both ends of a connection after it was made', () => {
    const { bytes } = opened().call('SOCKET_CONNECT', 10, [4], [0, ends, 4]);
    const fields = [
      'fd.name',
      'fd.cip',
      'fd.sip',
      'fd.sport',
      'fd.lip',
      'fd.rport',
      'fd.l4proto',
      'fd.connected',
      'fd.type',
    ];
    const [name, client, server] = ['10.0.0.5:40000->192.0.2.1:443', '10.0.0.5', '192.0.2.1'];
    expect(last(bytes, ...fields)).toEqual([name, client, server, 443, client, 443, 'tcp', true, 'ipv4']);
    expect(last(bytes, 'fd.ip', 'fd.port', 'fd.name_changed', 'evt.arg.tuple')).toEqual([
      ['10.0.0.5', '192.0.2.1'],
      [40_000, 443],
      true,
      '10.0.0.5:40000->192.0.2.1:443',
    ]);
  });

  it('has no ends of a connection that was refused, but its name', () => {
    const { bytes } = opened().call('SOCKET_CONNECT', 10, [4], [-111, ends, 4]);
    expect(last(bytes, 'fd.name', 'fd.sip', 'fd.connected', 'evt.res')).toEqual([
      '10.0.0.5:40000->192.0.2.1:443',
      undefined,
      false,
      'ECONNREFUSED',
    ]);
  });

  it('is the server of what it accepts', () => {
    const { bytes } = machine().call('SOCKET_ACCEPT_5', 10, [], [6, ends, 0, 0, 128]);
    expect(last(bytes, 'fd.num', 'fd.cip', 'fd.sip', 'fd.typechar')).toEqual([6, '10.0.0.5', '192.0.2.1', '4']);
  });
});

describe('captures without enter events', () => {
  const ends = tuple([10, 0, 0, 5], 40_000, [192, 0, 2, 53], 53);

  it('have all parameters in the exit events', () => {
    const { bytes } = machine()
      .event('SYSCALL_SETRESUID_X', 10, 0, 0, 0, 0)
      .event('SYSCALL_OPENAT_2_X', 10, 4, -100, 'notes', 1, 0, 1, 2)
      .event('SYSCALL_FSTAT_X', 10, 0, 4)
      .event('SYSCALL_FCNTL_X', 10, 9, 4, 1, 0)
      .event('SYSCALL_CLOSE_X', 10, 0, 4)
      .event('SYSCALL_READ_X', 10, 1, Buffer.from('a'), 4, 1)
      .event('SYSCALL_READ_X', 10, 1, Buffer.from('a'), 9, 1);
    expect(show(bytes, { fields: ['user.name', 'fd.num', 'fd.name'] }).rows).toEqual([
      ['root', undefined, undefined],
      ['root', 4, '/root/notes'],
      ['root', 4, '/root/notes'],
      ['root', 9, '/root/notes'],
      ['root', 4, '/root/notes'],
      ['root', 4, ''],
      ['root', 9, '/root/notes'],
    ]);
  });

  it('tell sockets, both ends and the names that were answered', () => {
    const answer = Buffer.from(
      '\0\x01\x81\x80\0\x01\0\x01\0\0\0\0\x01a\x02io\0\0\x01\0\x01\xc0\x0c\0\x01\0\x01\0\0\0\x09\0\x04\xc0\0\x02\x09',
      'latin1',
    );
    const { bytes } = machine()
      .event('SOCKET_SOCKET_X', 10, 4, 2, 2, 17)
      .event('SOCKET_SENDTO_X', 10, 3, Buffer.from('abc'), 4, 3, ends)
      .event('SOCKET_RECVFROM_X', 10, answer.length, answer, undefined, 4, 512)
      .event('SOCKET_SOCKET_X', 10, 5, 2, 1, 6)
      .event('SOCKET_CONNECT_X', 10, 0, tuple([10, 0, 0, 5], 40_001, [192, 0, 2, 9], 443), 5);
    expect(show(bytes, { fields: ['fd.name', 'fd.l4proto', 'fd.sip.name'] }).rows.slice(1)).toEqual([
      ['10.0.0.5:40000->192.0.2.53:53', 'udp', undefined],
      ['10.0.0.5:40000->192.0.2.53:53', 'udp', undefined],
      ['', '<NA>', undefined],
      ['10.0.0.5:40001->192.0.2.9:443', 'tcp', 'a.io'],
    ]);
  });
});

describe('containers', () => {
  const id = 'ab'.repeat(32);
  const told = JSON.stringify({
    container: {
      id: id.slice(0, 12),
      type: 0,
      name: 'web',
      image: 'nginx:1',
      imagerepo: 'nginx',
      imagetag: '1',
      privileged: true,
      Mounts: [{ Source: '/', Destination: '/host', Mode: '', RW: true, Propagation: 'rprivate' }],
      labels: { 'io.kubernetes.pod.name': 'web-0' },
    },
  });

  it('are told by control groups, and described by their events', () => {
    const { bytes } = new CaptureBuilder()
      .processes({ tid: 7, name: 'nginx', cgroups: [`cpu=/system.slice/docker-${id}.scope`] }, init)
      .event('CONTAINER_JSON_E', -1, told)
      .event('SYSCALL_CLOSE_E', 7, 1)
      .event('SYSCALL_CLOSE_E', 1, 1);
    const fields = [
      'container.id',
      'container.name',
      'container.image.repository',
      'container.privileged',
      'container.mount.dest[/]',
      'k8s.pod.name',
    ];
    expect(show(bytes, { fields }).rows).toEqual([
      ['abababababab', 'web', 'nginx', true, '/host', 'web-0'],
      ['host', 'host', undefined, undefined, undefined, undefined],
    ]);
  });
});

describe('damage', () => {
  const good = machine()
    .call('SYSCALL_CLOSE', 10, [3], [0, 3])
    .event('SYSCALL_FSTAT_E', 10, 3)
    .event('SYSCALL_FSTAT_E', 10, 4);
  const fields = ['evt.num', 'evt.type', 'fd.name'];

  it('reads the same in chunks of any size', () => {
    const whole = show(good.bytes, { fields });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 700 }), (chunkBytes) => {
        expect(show(good.bytes, { fields, chunkBytes })).toEqual(whole);
      }),
    );
  });

  it('goes on behind bytes that are no block', () => {
    const { bytes } = good;
    const at = bytes.length - 60;
    const torn = Buffer.concat([bytes.subarray(0, at), Buffer.from('nonsense'), bytes.subarray(at)]);
    const { rows, problems } = show(torn, { fields });
    expect(rows.length).toBeGreaterThanOrEqual(2);
    expect(problems.map(({ code }) => code)).toContain('bad-record');
  });

  it('says where a capture was cut', () => {
    const { rows, problems } = show(good.bytes.subarray(0, good.bytes.length - 5), { fields });
    expect(rows).toHaveLength(3);
    expect(problems).toMatchObject([{ code: 'truncated' }]);
  });

  it('never throws, whatever the bytes', () => {
    const { bytes } = good;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 20 }),
        (changes) => {
          const changed = Buffer.from(bytes);
          for (const [at, value] of changes) changed[at] = value;
          const { rows } = show(changed, { fields: [...fields, 'evt.args', 'proc.aname', 'fd.cip', 'evt.category'] });
          expect(rows.length).toBeLessThan(20);
        },
      ),
      { numRuns: 300 },
    );
  });
});
