import { describe, expect, it } from 'vitest';
import { contentOf } from '../../../../tests/support/decode-content.ts';
import { eventOfMessage } from './interpret.ts';

function said(program: string, text: string): Record<string, unknown> {
  const form = { time: 1, dataset: 'syslog', host: 'node1', pid: 7, level: 'info', more: {} };
  return contentOf(eventOfMessage({ ...form, program, text }));
}

const from = { source_ip: '203.0.113.9' };

describe('eventOfMessage', () => {
  it.each([
    [
      'Accepted publickey for anna from 203.0.113.9 port 51514 ssh2: ED25519 SHA256:abc',
      { event_action: 'login', event_outcome: 'success', target_user_name: 'anna', ...from },
    ],
    [
      'Failed password for root from 2001:DB8::9 port 4022 ssh2',
      { event_action: 'login', event_outcome: 'failure', target_user_name: 'root', source_ip: '2001:db8::9' },
    ],
    [
      'Failed password for invalid user admin from 203.0.113.9 port 4022 ssh2',
      { event_action: 'login', event_outcome: 'failure', target_user_name: 'admin', ...from },
    ],
    [
      'message repeated 3 times: [ Failed password for root from 203.0.113.9 port 4022 ssh2]',
      { event_outcome: 'failure', target_user_name: 'root', fields: { repeated: 3, port: 4022, method: 'password' } },
    ],
    [
      'Failed publickey for root from 203.0.113.9 port 36860 ssh2: ED25519 SHA256:SVjC0Vzd7AWvHnxi89W8qWvgUL9PPfjdUeUDVJZNz/k',
      { event_action: 'key-offered', event_outcome: 'failure', target_user_name: 'root', ...from },
    ],
    [
      'Connection closed by authenticating user root 203.0.113.9 port 36860 [preauth]',
      { event_action: 'connection-closed', event_outcome: 'failure', target_user_name: 'root', ...from },
    ],
    [
      'Invalid user oracle from 203.0.113.9 port 4022',
      { event_action: 'authentication', event_outcome: 'failure', target_user_name: 'oracle', ...from },
    ],
    [
      'Disconnected from user anna 203.0.113.9 port 4022',
      { event_action: 'logout', target_user_name: 'anna', ...from },
    ],
  ])('reads of sshd: %s', (text, wanted) => {
    expect(said('sshd', text)).toMatchObject({ kind: 'user_session', service: 'sshd', ...wanted });
  });

  it('takes the address that the server has seen, not one in the name', () => {
    const text = 'Failed password for invalid user x from 10.0.0.1 port 22 ssh2 from 203.0.113.9 port 4022 ssh2';
    expect(said('sshd', text)).toMatchObject({ ...from, target_user_name: 'x from 10.0.0.1 port 22 ssh2' });
  });

  it('reads what PAM says of any program', () => {
    expect(said('vsftpd', 'pam_unix(sshd:session): session opened for user anna(uid=1000) by (uid=0)')).toMatchObject({
      kind: 'user_session',
      event_action: 'session-start',
      target_user_name: 'anna',
      target_user_id: '1000',
      user_id: 0,
      service: 'sshd',
    });
    const failure =
      'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=root';
    expect(said('sshd', failure)).toMatchObject({
      event_action: 'authentication',
      event_outcome: 'failure',
      target_user_name: 'root',
      process_tty: 'ssh',
      ...from,
    });
    expect(said('passwd', 'pam_unix(passwd:chauthtok): password changed for anna')).toMatchObject({
      event_action: 'password-changed',
      target_user_name: 'anna',
    });
  });

  it('reads sudo and su', () => {
    const text = '    anna : TTY=pts/0 ; PWD=/home/anna ; USER=root ; COMMAND=/usr/bin/sh -c id; ls ; USER=x';
    expect(said('sudo', text)).toMatchObject({
      kind: 'user_session',
      event_action: 'sudo',
      event_outcome: 'success',
      user_name: 'anna',
      target_user_name: 'root',
      process_tty: 'pts/0',
      process_working_directory: '/home/anna',
      process_command_line: '/usr/bin/sh -c id; ls ; USER=x',
    });
    expect(said('sudo', 'bob : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/su')).toMatchObject({
      event_outcome: 'failure',
      fields: { reason: 'user NOT in sudoers' },
    });
    expect(said('su', '(to root) anna on pts/0')).toMatchObject({
      event_action: 'su',
      event_outcome: 'success',
      user_name: 'anna',
      target_user_name: 'root',
    });
    expect(said('su', 'FAILED SU (to root) anna on pts/0')).toMatchObject({ event_outcome: 'failure' });
  });

  it('reads changes of accounts', () => {
    const made = 'new user: name=mallory, UID=1001, GID=1001, home=/home/mallory, shell=/bin/bash, from=/dev/pts/0';
    expect(said('useradd', made)).toMatchObject({
      event_action: 'account-created',
      target_user_name: 'mallory',
      target_user_id: '1001',
    });
    expect(said('usermod', "add 'mallory' to group 'sudo'")).toMatchObject({
      event_action: 'group-member-added',
      target_user_name: 'mallory',
      target_group_name: 'sudo',
    });
    expect(said('userdel', "delete user 'mallory'")).toMatchObject({ event_action: 'account-deleted' });
    expect(said('systemd-logind', 'New session 5 of user anna.')).toMatchObject({
      session_id: '5',
      target_user_name: 'anna',
    });
    expect(said('login', 'ROOT LOGIN ON tty1')).toMatchObject({ target_user_name: 'root', process_tty: 'tty1' });
  });

  it('reads what cron starts and crontab changes', () => {
    expect(said('CRON', '(root) CMD (cd / && run-parts (x) )')).toMatchObject({
      kind: 'process',
      event_action: 'exec',
      process_command_line: 'cd / && run-parts (x)',
      process_parent_name: 'CRON',
      user_name: 'root',
    });
    expect(said('crontab', '(anna) REPLACE (anna)')).toMatchObject({
      kind: 'scheduled_task',
      event_action: 'updated',
      task_name: 'crontab of anna',
    });
  });

  it.each([
    ['sshd', 'Server listening on :: port 22.'],
    ['sudo', 'anna : a sentence'],
    ['kernel', 'Accepted password for x from 10.0.0.1 port 1 ssh2'],
    ['cron', '(anna) BEGIN EDIT (anna)'],
  ])('leaves other text of %s a log record: %s', (program, text) => {
    expect(said(program, text)).toEqual({
      kind: 'log',
      time: 1,
      evidence_id: 0,
      event_dataset: 'syslog',
      host_name: 'node1',
      process_pid: 7,
      process_name: program,
      log_name: program,
      log_level: 'info',
      message: text,
    });
  });
});
