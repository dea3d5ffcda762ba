import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import { analytic } from './index.ts';
import { placeOf } from './places.ts';

const write = { event_action: 'create', event_outcome: 'success', host_name: 'dock1', process_pid: 7 } as const;

describe('a change where something is started from', () => {
  it('weighs a hidden cron file written by a shell of nobody through a container mount as critical', async () => {
    const [finding] = await findingsOf(analytic, [
      event('file_access', {
        ...write,
        file_path: '/host/etc/cron.d/.sync',
        process_name: 'sh',
        process_executable: '/bin/sh',
        container_id: 'c1',
        container_name: 'shop',
        login_id: 4_294_967_295,
      }),
    ]);
    expect(finding).toMatchObject({
      detector: 'analytics/persistence-change',
      severity: 'critical',
      attack: ['T1053.003'],
    });
    expect(finding?.entities).toEqual(
      expect.arrayContaining([{ kind: 'file', value: 'dock1:/host/etc/cron.d/.sync' }]),
    );
  });

  it('weighs an administrator with an editor at a terminal as low, and does not tell it', async () => {
    const edit = event('file_access', {
      ...write,
      file_path: '/etc/cron.d/backup',
      process_name: 'vim',
      process_executable: '/usr/bin/vim',
      process_tty: 'pts0',
      login_id: 1000,
      login_name: 'anna',
    });
    expect(await findingsOf(analytic, [edit], { min_score: 0 })).toMatchObject([{ severity: 'low' }]);
    expect((await findingsOf(analytic, [edit])).map((finding) => finding.severity)).not.toContain('medium');
  });

  it('weighs what a script of a package does, and a change of rights alone, for less, and tells it still', async () => {
    const byScript = {
      ...write,
      process_name: 'cp',
      process_executable: '/usr/bin/cp',
      process_parent_command_line: '/bin/sh /var/lib/dpkg/info/openssh-server.postinst configure',
    };
    const rights = { ...write, event_action: 'attribute', process_name: 'chmod', process_executable: '/usr/bin/chmod' };
    const found = await findingsOf(analytic, [
      event('file_access', { ...byScript, file_path: '/etc/ssh/sshd_config' }),
      event('file_access', { ...rights, file_path: '/etc/init.d/ssh' }),
      event('file_access', { ...rights, file_path: '/etc/init.d/ssh', process_parent_command_line: 'bash' }),
      event('file_access', { ...byScript, file_path: '/etc/cron.d/x' }),
      event('file_access', { ...byScript, file_path: '/etc/cron.d/x', process_parent_command_line: 'bash' }),
    ]);
    const severities = found.map(({ entities, severity }) => [entities[1]?.value, severity]);
    expect(severities).toEqual(
      expect.arrayContaining([
        ['dock1:/etc/ssh/sshd_config', 'low'],
        ['dock1:/etc/init.d/ssh', 'low'],
        // Another hand did the same.
        ['dock1:/etc/cron.d/x', 'high'],
      ]),
    );
    expect(severities).toHaveLength(3);
  });

  it.each([
    ['a package manager', { file_path: '/etc/cron.d/x', process_name: 'dpkg', process_executable: '/usr/bin/dpkg' }],
    ['reading', { file_path: '/etc/cron.d/x', event_action: 'read', process_name: 'cat' }],
    ['a failed try', { file_path: '/etc/cron.d/x', event_outcome: 'failure', process_name: 'sh' }],
    ['another place', { file_path: '/etc/hosts.allow.d/x', process_name: 'sh' }],
  ])('says nothing about %s', async (_what, fields) => {
    expect(await findingsOf(analytic, [event('file_access', { ...write, ...fields })])).toEqual([]);
  });

  it('tells a file that an audit watch saw although its name is another, as through a mount', async () => {
    const [finding] = await findingsOf(analytic, [
      event('file_access', {
        ...write,
        file_path: '/opt/shop/data/report',
        process_name: 'bash',
        process_executable: '/usr/bin/bash',
        rule_keys: ['cron'],
        login_id: -1,
      }),
    ]);
    expect(finding).toMatchObject({ severity: 'critical' });
    expect(finding?.reasons.map((reason) => reason.what)).toContain('reached by another name: a mount or a link');
  });

  it('takes the new name of a rename', async () => {
    const [finding] = await findingsOf(analytic, [
      event('file_access', {
        ...write,
        event_action: 'rename',
        file_path: '/tmp/x',
        file_target_path: '/etc/ld.so.preload',
        process_name: 'mv',
      }),
    ]);
    expect(finding?.title).toContain('/etc/ld.so.preload');
  });
});

describe('placeOf', () => {
  it.each([
    ['/etc/cron.d/x', 'cron'],
    ['/var/spool/cron/crontabs/root', 'cron'],
    ['/host/etc/systemd/system/a.service', 'systemd'],
    ['/home/a/.config/systemd/user/a.timer', 'systemd'],
    ['/root/.ssh/authorized_keys', 'ssh'],
    ['/home/a/.bashrc', 'shell-start'],
    ['/etc/profile', 'shell-start'],
    ['/etc/profiles/x', undefined],
    ['/etc/cron.d/', undefined],
    ['/srv/app.service', undefined],
    ['/opt/shop/cron.d/report', 'cron'],
  ])('%s', (path, id) => {
    expect(placeOf(path)?.place.id).toBe(id);
  });
});
