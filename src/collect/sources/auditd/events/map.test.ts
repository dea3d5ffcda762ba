import { describe, expect, it } from 'vitest';
import { actor, call, read } from './testdata/read-lines.ts';

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
