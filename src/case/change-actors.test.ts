import { describe, expect, it } from 'vitest';
import { dayStart, event, withEvents } from '../../tests/support/event-store.ts';
import type { Claim, Inspection } from '../inspect/claim.ts';
import { nameActors } from './change-actors.ts';

const claim = (path: string): Claim => ({
  detector: 'integrity/changed',
  title: 'file is not as in the baseline: content',
  sentence: `${path} has another content`,
  severity: 'high',
  score: 0.8,
  path,
  entities: [{ kind: 'file', value: `web01:${path}` }],
  attack: [],
  reasons: [],
  vanishes: '',
  next: 'Find out who made the change.',
});
const inspection = (...paths: readonly string[]): Inspection => ({
  subject: '/',
  by: 'host baseline',
  claims: paths.map(claim),
  problems: [],
  notChecked: [],
  ran: [],
});
const conf = "/etc/it's/conf";
const base = { host_name: 'web01', event_dataset: 'linux.file', process_parent_name: 'bash', user_name: 'root' };
const second = 1_000_000;
const events = [
  // Before the baseline, of another host, failed, or no change.
  event('file_access', {
    ...base,
    time: dayStart - second,
    event_action: 'write',
    file_path: conf,
    process_name: 'old',
    process_pid: 1,
  }),
  event('file_access', {
    ...base,
    host_name: 'web02',
    event_action: 'write',
    file_path: conf,
    process_name: 'far',
    process_pid: 2,
  }),
  event('file_access', {
    ...base,
    event_action: 'write',
    event_outcome: 'failure',
    file_path: conf,
    process_name: 'no',
    process_pid: 3,
  }),
  event('file_access', { ...base, event_action: 'read', file_path: conf, process_name: 'cat', process_pid: 4 }),
  event('file_access', {
    ...base,
    time: dayStart + second,
    event_action: 'write',
    file_path: conf,
    process_name: 'vi',
    process_pid: 10,
    process_command_line: 'vi conf',
    login_name: 'anna',
  }),
  event('file_access', {
    ...base,
    time: dayStart + 2 * second,
    event_action: 'write',
    file_path: conf,
    process_name: 'vi',
    process_pid: 10,
  }),
  event('file_access', {
    ...base,
    time: dayStart + 3 * second,
    event_action: 'rename',
    file_path: '/etc/conf.new',
    file_target_path: conf,
    process_name: 'mv',
    process_pid: 11,
    container_name: 'shop',
  }),
];

describe('who changed a file', () => {
  it('is told from what sensors recorded since the baseline, the last first, each process once', async () => {
    const [changed, other] = await withEvents(events, async (store) => {
      const since = new Date(dayStart / 1000).toISOString();
      const ask = (sql: string, maxRows: number) => store.userQuery(sql, { maxRows, timeoutMs: 10_000 });
      return (await nameActors(inspection(conf, '/etc/other'), 'web01', since, ask)).claims;
    });
    expect(changed).toMatchObject({
      sentence: `${conf} has another content; the last to do that was mv`,
      entities: [
        { kind: 'file', value: `web01:${conf}` },
        { kind: 'process', value: 'web01/11/mv' },
        { kind: 'process', value: 'web01/10/vi' },
      ],
      reasons: [
        {
          what: 'who',
          value: '2026-03-10T00:00:03.000000Z rename, by mv (11), of root, in container shop, started by bash',
        },
        { what: 'who', value: '2026-03-10T00:00:02.000000Z write, by vi (10), of root, started by bash' },
      ],
    });
    expect(other).toEqual(claim('/etc/other'));
  });
});
