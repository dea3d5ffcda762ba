import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../../../events/event.ts';
import { call, read } from './testdata/read-lines.ts';

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
