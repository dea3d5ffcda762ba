import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../../events/event.ts';
import { Assembler } from '../assembly/assembler.ts';
import { readRecord } from '../records/record.ts';
import { EventMapper } from './map.ts';

/** Events of a log whose lines lack the time and serial: `SYSCALL arch=…`; a number before it is the serial. */
function read(lines: readonly string[]): { events: EventRow[]; problems: Problem[] } {
  const assembler = new Assembler(() => undefined);
  for (const line of lines) {
    const [, serial = '1', type = '', body = ''] = /^(?:(\d+) )?(\S+) (.*)$/.exec(line) ?? [];
    const whole = `type=${type} msg=audit(100.000:${serial}): ${body}`;
    const bytes = Buffer.from(whole, 'utf8');
    const record = readRecord({ bytes, text: bytes.toString('latin1') }, 0, bytes.length, 1, 0);
    if (typeof record !== 'string') assembler.add(record);
  }
  assembler.finish({ all: true });
  const mapper = new EventMapper();
  const events: VakthundEvent[] = [];
  const problems: Problem[] = [];
  for (const event of assembler.take()) mapper.map(event, events, problems);
  return { events: events.map((event) => told(event)), problems };
}

/** What an event tells: its columns that are not null, `fields` as an object. */
function told(event: VakthundEvent): EventRow {
  const row = Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)) as EventRow;
  return { ...row, fields: JSON.parse(event.fields ?? '{}') as string };
}

const actor = 'ppid=10 pid=20 auid=1000 uid=1000 gid=1000 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3';
const call = (number: number, rest = '', ids = actor): string =>
  `SYSCALL arch=c000003e syscall=${number} success=yes exit=0 ${rest} items=1 ${ids} comm="sh" exe="/bin/sh" key="k"`;

describe('who did it', () => {
  it('is in columns, with names from the enriched part', () => {
    const [event] = read([`${call(62, 'a0=1e a1=9')}\u001dAUID="bob" EUID="root" UID="bob"`]).events;
    expect(event).toMatchObject({
      time: 100_000_000,
      event_dataset: 'auditd.syscall',
      evidence_at: 1,
      process_pid: 20,
      process_parent_pid: 10,
      process_name: 'sh',
      process_executable: '/bin/sh',
      process_tty: 'pts0',
      user_id: 0,
      user_name: 'root',
      login_id: 1000,
      login_name: 'bob',
      session_id: '3',
      rule_keys: ['k'],
      fields: { serial: 1, syscall: 'kill', uid: '1000', UID: 'bob', signal: 'SIGKILL' },
    });
  });

  it('is unset as -1 and null, and has no name that auditd did not know', () => {
    const ids = actor
      .replace('auid=1000', 'auid=4294967295')
      .replace('ses=3', 'ses=4294967295')
      .replace('tty=pts0', 'tty=(none)');
    const [event] = read([`${call(62, 'a0=1 a1=9', ids)}\u001dAUID="unset" EUID="unknown(0)"`]).events;
    expect(event).toMatchObject({ login_id: -1 });
    expect(Object.keys(event ?? {})).not.toEqual(
      expect.arrayContaining(['session_id', 'process_tty', 'login_name', 'user_name']),
    );
  });

  it('names the container that a record tells', () => {
    expect(read([call(62), 'CONTAINER_ID contid=77']).events[0]).toMatchObject({ container_id: '77' });
  });

  it('keeps a number that is none in fields, as a problem', () => {
    const { events, problems } = read([call(62).replace('pid=20', 'pid=2x')]);
    expect(events[0]).toMatchObject({ fields: { pid: '2x' } });
    expect(problems).toMatchObject([{ code: 'bad-value' }]);
  });

  it('comes with the parent that was seen before, and with its own command line', () => {
    const { events } = read([
      `1 ${call(59)}`,
      '1 EXECVE argc=2 a0="sh" a1="run.sh"',
      `2 ${call(59, '', actor.replace('ppid=10 pid=20', 'ppid=20 pid=21')).replace('comm="sh" exe="/bin/sh"', 'comm="ls" exe="/bin/ls"')}`,
      '2 EXECVE argc=1 a0="ls"',
      `3 ${call(87)}`,
      '3 PROCTITLE proctitle=73680072756E',
    ]);
    expect(events[1]).toMatchObject({
      process_command_line: 'ls',
      process_parent_name: 'sh',
      process_parent_executable: '/bin/sh',
      process_parent_command_line: 'sh run.sh',
    });
    expect(events[2]).toMatchObject({ process_command_line: 'sh run.sh' });
  });
});

describe('an operation of io_uring', () => {
  it('is told as the call that it stands for', () => {
    const lines = [
      `URINGOP uring_op=18 success=yes exit=5 items=1 ${actor} key="k"`,
      'PATH item=0 name="/etc/x" nametype=NORMAL',
    ];
    expect(read(lines).events).toMatchObject([{ kind: 'file_access', syscall: 'openat', file_path: '/etc/x' }]);
  });
});

describe('a program that is started', () => {
  const execve = [call(59, 'a0=1'), 'EXECVE argc=3 a0="sh" a1="-c" a2=6C73202D6C', 'CWD cwd="/tmp"'];

  it('has its arguments, directory and files', () => {
    const paths = ['PATH item=0 name="./x.sh" nametype=NORMAL', 'PATH item=1 name="/bin/sh" nametype=NORMAL'];
    const script = [call(59), 'EXECVE argc=2 a0="/bin/sh" a1="./x.sh"', 'CWD cwd="/tmp"', ...paths];
    expect(read(execve).events).toMatchObject([
      {
        kind: 'process',
        event_action: 'exec',
        event_outcome: 'success',
        process_args: ['sh', '-c', 'ls -l'],
        process_command_line: 'sh -c ls -l',
        process_working_directory: '/tmp',
        is_privileged_change: true,
      },
    ]);
    expect(read(script).events).toMatchObject([
      { process_interpreted_file: '/tmp/x.sh', fields: { PATH: [{ name: './x.sh' }, { name: '/bin/sh' }] } },
    ]);
  });

  it('has failed with an error number, and then changes nothing that is known of who tried', () => {
    const failed = `2 ${call(59)}`.replace('success=yes exit=0', 'success=no exit=-13');
    const { events } = read([...execve, failed, '2 EXECVE argc=1 a0="nope"', `3 ${call(87)}`]);
    expect(events[1]).toMatchObject({ event_outcome: 'failure', process_exit_code: 13, process_args: ['nope'] });
    expect(events[2]).toMatchObject({ process_command_line: 'sh -c ls -l' });
  });

  it('is told even when only its arguments were logged', () => {
    expect(read(['EXECVE argc=1 a0="id"']).events).toMatchObject([
      { kind: 'process', event_action: 'exec', process_args: ['id'] },
    ]);
  });

  it('has more rights when its file gives it capabilities', () => {
    const grown = 'BPRM_FCAPS old_pe=0 pe=0000000000002000';
    expect(read([...execve, grown]).events[0]).toMatchObject({ is_privileged_change: true });
    expect(read([...execve, 'BPRM_FCAPS old_pe=1f pe=1f']).events[0]).toMatchObject({ is_privileged_change: false });
  });
});

describe('other calls on processes', () => {
  it('are fork, thread, exit, kill, ptrace and changes of identity', () => {
    const { events } = read([
      `1 ${call(56, 'a0=1200011').replace('exit=0', 'exit=30')}`,
      `2 ${call(56, 'a0=3d0f00')}`,
      `3 ${call(231, 'a0=7')}`,
      `4 ${call(62, 'a0=1e a1=f')}`,
      '4 OBJ_PID opid=30 oauid=1000 ouid=0 oses=3 ocomm="sleep"',
      `5 ${call(101, 'a0=10 a1=1e')}`,
      `6 ${call(105, 'a0=0')}`,
    ]);
    expect(events.map((event) => event['event_action'])).toEqual([
      'fork',
      'thread',
      'exit',
      'kill',
      'ptrace',
      'setuid',
    ]);
    expect(events[2]).toMatchObject({ process_exit_code: 7 });
    expect(events[3]).toMatchObject({ target_pid: 30, target_name: 'sleep', fields: { signal: 'SIGTERM' } });
    expect(events[4]).toMatchObject({ target_pid: 30, fields: { request: 'PTRACE_ATTACH' } });
  });
});

describe('a file that is opened', () => {
  const opened = (flags: string, nameType: string, name = '"/etc/x"'): EventRow | undefined =>
    read([
      call(257, `a0=ffffff9c a1=7f a2=${flags} a3=1b6`),
      'CWD cwd="/root"',
      'PATH item=0 name="/etc/" inode=1 dev=08:01 mode=040755 ouid=0 ogid=0 nametype=PARENT',
      `PATH item=1 name=${name} inode=5 dev=fd:0a mode=0100644 ouid=33 ogid=42 rdev=00:00 nametype=${nameType}`,
    ]).events[0];

  it('is read, written or created by its flags and what became of it', () => {
    expect(opened('0', 'NORMAL')).toMatchObject({ event_action: 'read' });
    expect(opened('1', 'NORMAL')).toMatchObject({ event_action: 'write' });
    expect(opened('241', 'CREATE')).toMatchObject({ event_action: 'create' });
    expect(opened('241', 'NORMAL')).toMatchObject({ event_action: 'write' });
    expect(opened('200000', 'NORMAL')).toMatchObject({ event_action: 'open' });
  });

  it('has path, inode, device, mode and owner; the rest of its record and the others stand in fields', () => {
    expect(opened('241', 'CREATE')).toMatchObject({
      kind: 'file_access',
      syscall: 'openat',
      file_path: '/etc/x',
      file_inode: '5',
      file_device: '253:10',
      file_mode: '0100644',
      file_owner_id: 33,
      file_group_id: 42,
      fields: {
        flags: 'O_WRONLY|O_CREAT|O_TRUNC',
        mode: '0666',
        PATH: [
          { item: '0', nametype: 'PARENT' },
          { item: '1', rdev: '00:00', nametype: 'CREATE' },
        ],
      },
    });
  });

  it('is joined with the working directory, and its name as logged is kept', () => {
    expect(opened('0', 'NORMAL', '"../etc/./x"')).toMatchObject({
      file_path: '/etc/x',
      fields: { PATH: [{}, { name: '../etc/./x' }] },
    });
    expect(opened('0', 'NORMAL', '2F746D702F6120622063')).toMatchObject({ file_path: '/tmp/a b c' });
  });

  it('takes the flags of openat2 from its own record', () => {
    const lines = [
      call(437, 'a0=ffffff9c'),
      'OPENAT2 oflag=01101 mode=0600 resolve=0x8',
      'PATH item=0 name="/x" nametype=NORMAL',
    ];
    expect(read(lines).events[0]).toMatchObject({ event_action: 'write', fields: { OPENAT2: { resolve: '0x8' } } });
  });
});

describe('other calls on files', () => {
  it('tell both names of a rename in one event, also when a file was replaced', () => {
    const lines = [
      call(82),
      'CWD cwd="/d"',
      'PATH item=0 name="/d/" nametype=PARENT',
      'PATH item=1 name="/d/" nametype=PARENT',
      'PATH item=2 name="a.tmp" inode=7 nametype=DELETE',
      'PATH item=3 name="a" inode=6 nametype=DELETE',
      'PATH item=4 name="a" inode=7 nametype=CREATE',
    ];
    expect(read(lines).events).toMatchObject([
      { event_action: 'rename', file_path: '/d/a.tmp', file_target_path: '/d/a', file_inode: '7' },
    ]);
  });

  it('tell what a link points to, and where something was mounted', () => {
    const link = [
      call(266, 'a1=ffffff9c'),
      'CWD cwd="/"',
      'PATH item=0 name="/etc/shadow" nametype=UNKNOWN',
      'PATH item=1 name="/tmp/l" nametype=CREATE',
    ];
    expect(read(link).events).toMatchObject([
      { event_action: 'link', file_path: '/etc/shadow', file_target_path: '/tmp/l' },
    ]);
    const relative = [
      call(88),
      'CWD cwd="/root"',
      'PATH item=0 name="../init.d/netd" nametype=UNKNOWN',
      'PATH item=1 name="/etc/rc3.d/S99netd" inode=8 nametype=CREATE',
    ];
    expect(read(relative).events).toMatchObject([
      {
        file_path: '/etc/init.d/netd',
        file_target_path: '/etc/rc3.d/S99netd',
        file_inode: '8',
        fields: { PATH: [{ name: '../init.d/netd' }, {}] },
      },
    ]);
    const mount = [
      call(165, 'a3=1000'),
      'PATH item=0 name="/dev/sda1" nametype=NORMAL',
      'PATH item=1 name="/mnt" nametype=NORMAL',
    ];
    expect(read(mount).events).toMatchObject([
      { event_action: 'mount', file_path: '/mnt', fields: { flags: 'MS_BIND' } },
    ]);
  });

  it('are one event for each file, the records beside them in the first', () => {
    const lines = [
      call(87),
      'CWD cwd="/"',
      'PATH item=0 name="/a" nametype=DELETE',
      'PATH item=1 name="/b" nametype=DELETE',
      'FD_PAIR fd0=3 fd1=4',
    ];
    const { events } = read(lines);
    expect(events.map((event) => event['file_path'])).toEqual(['/a', '/b']);
    expect(events[0]).toMatchObject({ fields: { FD_PAIR: { fd0: '3' }, PATH: [{}, { name: '/b' }] } });
    expect(events[1]).toMatchObject({ fields: { PATH: [{ item: '1' }] } });
    expect(events[1]?.['fields']).not.toHaveProperty('FD_PAIR');
  });

  it('have no path when none was logged: only the parent, or a descriptor', () => {
    expect(read([call(83), 'CWD cwd="/"', 'PATH item=0 name="/var" nametype=PARENT']).events[0]).not.toHaveProperty(
      'file_path',
    );
    const [byDescriptor] = read([call(91, 'a1=1ed'), 'PATH item=0 name=(null) inode=9 nametype=NORMAL']).events;
    expect(byDescriptor).toMatchObject({ file_inode: '9', fields: { mode: '0755' } });
    expect(read([call(319, 'a1=1')]).events).toMatchObject([{ kind: 'file_access', event_action: 'create' }]);
  });

  it('take a directory that was given from the record of the parent', () => {
    const lines = [
      call(263, 'a0=5'),
      'CWD cwd="/root"',
      'PATH item=0 name="/srv/www" nametype=PARENT',
      'PATH item=1 name="x" nametype=DELETE',
    ];
    expect(read(lines).events[0]).toMatchObject({ file_path: '/srv/www/x' });
  });
});

describe('a call on a socket', () => {
  const connect = (saddr: string, number = 42): EventRow | undefined =>
    read([call(number), `SOCKADDR saddr=${saddr}`]).events[0];

  it('has the other side as destination, or as source when it came to us', () => {
    expect(connect('02000050A9FEA9FE0000000000000000')).toMatchObject({
      kind: 'socket',
      event_action: 'connect',
      socket_family: 'inet',
      destination_ip: '169.254.169.254',
      destination_port: 80,
    });
    expect(connect('0A00001600000000000000000000000000000000000000010000000000', 43)).toMatchObject({
      event_action: 'accept',
      socket_family: 'inet6',
      source_ip: '::1',
      source_port: 22,
    });
    expect(connect('0200115C000000000000000000000000', 49)).toMatchObject({
      event_action: 'bind',
      destination_port: 4444,
    });
  });

  it('has the path of a UNIX socket, abstract ones with an @', () => {
    expect(connect('01002F72756E2F7800')).toMatchObject({ socket_family: 'unix', socket_path: '/run/x' });
    expect(connect('010000617562')).toMatchObject({ socket_path: '@aub' });
  });

  it('survives an address that is too short or none', () => {
    const strange = ['', '02', '0200', '0A000016', '1000', 'zz'].map((saddr) => connect(saddr)?.['event_action']);
    expect(strange).toEqual(strange.map(() => 'connect'));
  });

  it('is found in the multiplexed calls of 32-bit machines', () => {
    const line = call(102, 'a0=3').replace('arch=c000003e', 'arch=40000003');
    expect(read([line, 'SOCKADDR saddr=020000507F000001']).events[0]).toMatchObject({
      syscall: 'connect',
      destination_ip: '127.0.0.1',
    });
  });

  it('asks for a protocol', () => {
    expect(read([call(41, 'a0=2 a1=80002 a2=0')]).events[0]).toMatchObject({
      event_action: 'socket',
      socket_family: 'inet',
      network_transport: 'udp',
      fields: { type: 'SOCK_DGRAM' },
    });
  });
});

describe('messages about users', () => {
  const user = 'pid=7 uid=0 auid=4294967295 ses=4294967295';

  it('are sessions with account, address, service and outcome', () => {
    const line = `USER_LOGIN ${user} msg='op=login acct=28696E76616C6964207573657229 exe="/usr/sbin/sshd" hostname=? addr=179.38.151.221 terminal=sshd res=failed'`;
    expect(read([line]).events).toMatchObject([
      {
        kind: 'user_session',
        event_dataset: 'auditd.user',
        event_action: 'login',
        event_outcome: 'failure',
        target_user_name: '(invalid user)',
        source_ip: '179.38.151.221',
        service: 'sshd',
        process_tty: 'sshd',
        fields: { op: 'login' },
      },
    ]);
  });

  it('tell the command that was run, and accounts and groups that were changed', () => {
    const sudo = `USER_CMD ${user} msg='cwd="/home/a" cmd=6C73202D6C terminal=pts/0 res=success'`;
    expect(read([sudo]).events[0]).toMatchObject({
      event_action: 'sudo',
      process_command_line: 'ls -l',
      process_working_directory: '/home/a',
    });
    expect(
      read([`ADD_USER ${user} msg='op=add-user id=1000 exe="/usr/sbin/useradd" res=success'`]).events[0],
    ).toMatchObject({
      event_action: 'account-created',
      target_user_id: '1000',
    });
    expect(read([`ADD_GROUP ${user} msg='op=add-group acct="dev" exe="/x" res=success'`]).events[0]).toMatchObject({
      event_action: 'group-created',
      target_group_name: 'dev',
    });
  });

  it('tell a log-in id that was set, in both forms, and leave out the write that set it', () => {
    const lines = [
      'LOGIN pid=5 uid=0 old-auid=4294967295 auid=1000 tty=(none) old-ses=4294967295 ses=1 res=1',
      call(1),
    ];
    expect(read(lines).events).toMatchObject([
      {
        kind: 'user_session',
        event_action: 'login-id-set',
        event_outcome: 'success',
        target_user_id: '1000',
        fields: { SYSCALL: { syscall: 'write' } },
      },
    ]);
    expect(read(['LOGIN login pid=5 uid=0 old auid=4294967295 new auid=42']).events).toMatchObject([
      { target_user_id: '42' },
    ]);
  });
});

describe('all other records', () => {
  it('are log records with everything in fields and a sentence', () => {
    const lines = ['NETFILTER_CFG table=filter family=2 entries=7', call(54)];
    expect(read(lines).events).toMatchObject([
      {
        kind: 'log',
        event_dataset: 'auditd.config',
        log_name: 'NETFILTER_CFG',
        message: 'user 1000 loaded firewall rule to filter using /bin/sh',
        process_pid: 20,
        fields: { table: 'filter', entries: '7', SYSCALL: { syscall: 'setsockopt' } },
      },
    ]);
  });

  it('stand beside what the call itself was, when they are a decision about it', () => {
    const lines = [
      'AVC avc:  denied  { read write } for  pid=20 comm="sh" name="shadow" scontext=a:b:c:s0 tcontext=d:e:f:s0 tclass=file',
      call(257, 'a0=ffffff9c a2=0'),
      'CWD cwd="/"',
      'PATH item=0 name="/etc/shadow" nametype=NORMAL',
    ];
    expect(read(lines).events).toMatchObject([
      {
        kind: 'log',
        event_dataset: 'auditd.mac',
        log_name: 'AVC',
        fields: { seresult: 'denied', seperms: 'read write' },
      },
      { kind: 'file_access', file_path: '/etc/shadow' },
    ]);
  });

  it('are written once, however many an event has', () => {
    const lines = Array.from(
      { length: 4000 },
      (_none, index) => `AVC avc:  denied  { read } for  pid=${index} tclass=file`,
    );
    const { events } = read([...lines, call(33)]);
    expect(events).toHaveLength(4000);
    expect(JSON.stringify(events).length).toBeLessThan(5_000_000);
  });

  it('include calls of no kind, by their meaning, and records that lack their call', () => {
    expect(read([call(33, 'a0=b a1=1')]).events).toMatchObject([
      { kind: 'log', log_name: 'SYSCALL', fields: { syscall: 'dup2' } },
    ]);
    expect(read(['PATH item=0 name="/x" nametype=NORMAL']).events).toMatchObject([
      { kind: 'log', log_name: 'PATH', fields: { name: '/x' } },
    ]);
    expect(read(['MADE_UP a=1 a=2 a=3']).events).toMatchObject([
      { kind: 'log', log_name: 'MADE_UP', fields: { a: '1', a_2: '2', a_3: '3' } },
    ]);
  });

  it('tell modules that were loaded', () => {
    expect(read([call(313), 'KERN_MODULE name="evil"']).events).toMatchObject([
      { kind: 'kernel_module', event_action: 'load', event_outcome: 'success', module_name: 'evil' },
    ]);
    expect(read([call(176), 'KERN_MODULE name="evil"']).events).toMatchObject([{ event_action: 'unload' }]);
  });
});
