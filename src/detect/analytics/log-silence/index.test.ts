import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';
import { folderOf } from './streams.ts';

const minute = 60_000_000;
const hour = 60;

/** Records every five minutes between two times in minutes. */
function log(dataset: string, machine: string, from: number, to: number, every = 5): VakthundEvent[] {
  return Array.from({ length: Math.floor((to - from) / every) }, (_none, index) =>
    event('process', {
      time: dayStart + (from + index * every) * minute,
      host_name: machine,
      event_dataset: dataset,
      evidence_at: from + index * every + 1,
    }),
  );
}
const days = 3 * 24 * hour;

describe('a log that falls silent', () => {
  it('is told with what went on, medium for the same machine', async () => {
    const [finding, ...more] = await findingsOf(analytic, [
      ...log('auditd.syscall', 'web01', 0, 50 * hour),
      ...log('auditd.path', 'web01', 0, 50 * hour + 10),
      ...log('syslog', 'web01', 0, days),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      detector: 'analytics/log-silence',
      title: '2 logs of web01 fell silent while others went on',
      severity: 'medium',
      first_seen: dayStart + (50 * hour - 5) * minute,
      last_seen: dayStart + (days - 5) * minute,
      entities: [{ kind: 'host', value: 'web01' }],
      attack: ['T1562'],
      count: 2,
    });
    expect(finding?.reasons.map(({ what }) => what)).toEqual([
      'silent',
      'wrote steadily before',
      'records that should be there',
      'other logs of the same machine went on',
    ]);
    expect(finding?.evidence[0]?.at).toBe(50 * hour - 4);
  });

  it('is told low beside other machines, and with its length when it goes on', async () => {
    const [finding, ...more] = await findingsOf(analytic, [
      ...log('syslog', 'web01', 0, 40 * hour),
      ...log('syslog', 'web01', 46 * hour, days),
      ...log('syslog', 'web02', 0, days),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      title: 'syslog of web01 fell silent for 6.1 h while others went on',
      severity: 'low',
    });
  });

  it.each<[what: string, events: VakthundEvent[]]>([
    ['evidence that ends', [...log('a', 'web01', 0, days), ...log('b', 'web01', 0, days - 60)]],
    [
      'all at once',
      [...log('a', 'web01', 0, 40 * hour), ...log('b', 'web02', 0, 40 * hour), ...log('a', 'web01', 50 * hour, days)],
    ],
    ['less than a day of history', [...log('a', 'web01', 0, 20 * hour), ...log('b', 'web01', 0, days)]],
    [
      'a log that pauses every night',
      [0, 24, 48].flatMap((at) => log('a', 'ws1', (at + 8) * hour, (at + 18) * hour)).concat(log('b', 'ws1', 0, days)),
    ],
    ['a log that writes seldom', [...log('a', 'web01', 0, 60 * hour, 55), ...log('b', 'web01', 0, days)]],
    ['others that began later', [...log('a', 'web01', 0, 40 * hour), ...log('b', 'web01', 40 * hour, days)]],
    [
      'a short pause',
      [...log('a', 'web01', 0, 40 * hour), ...log('a', 'web01', 42 * hour, days), ...log('b', 'web01', 0, days)],
    ],
  ])('is not told for %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});

describe('what a sensor says that it missed', () => {
  const loss = (log_name: string, fields: object, at = 0): VakthundEvent =>
    event('log', {
      time: dayStart + at * minute,
      event_dataset: log_name === 'stats' ? 'suricata.stats' : `zeek.${log_name}`,
      log_name,
      sensor: 'tap1',
      fields: JSON.stringify(fields),
      evidence_at: at + 1,
    });
  const stats = (kernel_packets: number, kernel_drops: number, at: number): VakthundEvent =>
    loss('stats', { stats: { capture: { kernel_packets, kernel_drops } } }, at);

  it('is low when it is much, and not told when it is next to nothing', async () => {
    const zeek = [loss('capture_loss', { percent_lost: 30 }), loss('capture_loss', { percent_lost: '10' }, 15)];
    expect(await findingsOf(analytic, zeek)).toMatchObject([
      { title: 'sensor tap1 did not see 20.0 % of what it should (capture_loss)', severity: 'low', count: 2 },
    ]);
    expect(await findingsOf(analytic, [loss('capture_loss', { percent_lost: 0.2 })])).toEqual([]);
  });

  it('is counted between the records of Suricata, which count from its start', async () => {
    expect(await findingsOf(analytic, [stats(1000, 500, 0), stats(1980, 520, 5)])).toMatchObject([
      { title: 'sensor tap1 did not see 2.0 % of what it should (drops)', severity: 'info' },
    ]);
    expect(await findingsOf(analytic, [stats(1000, 500, 0), stats(2000, 500, 5)])).toEqual([]);
  });

  it('is seen in flows as well, and no number is none', async () => {
    const flow = event('flow', { missed_bytes: 900, source_payload_bytes: 50, destination_payload_bytes: 50 });
    expect(await findingsOf(analytic, [flow])).toMatchObject([{ severity: 'low' }]);
    expect(await findingsOf(analytic, [loss('capture_loss', { percent_lost: 'much' })])).toEqual([]);
  });
});

describe('a clock', () => {
  const moved = (events: readonly VakthundEvent[], from: number, back: number): VakthundEvent[] =>
    events.map((one, index) => ({
      ...one,
      evidence_at: index + 1,
      time: one.time - (index >= from ? back * minute : 0),
    }));

  it('that went back is told with both times', async () => {
    expect(await findingsOf(analytic, moved(log('syslog', 'web01', 0, 300, 1), 200, 90))).toMatchObject([
      {
        title: 'the clock of web01 went back by 89 min',
        severity: 'low',
        first_seen: dayStart + 110 * minute,
        last_seen: dayStart + 199 * minute,
        evidence: [{ at: 201 }],
      },
    ]);
  });

  it.each<[what: string, events: VakthundEvent[]]>([
    [
      'records that come late',
      log('syslog', 'web01', 0, 300, 1).map((one, index) =>
        index === 200 ? { ...one, time: one.time - 90 * minute } : one,
      ),
    ],
    ['a file put together in another order', moved(log('syslog', 'web01', 500, 800, 1), 200, 700)],
    ['a file that begins with the newest', moved(log('syslog', 'web01', 0, 3000, 11).toReversed(), 0, 0)],
    ['a network sensor', moved(log('zeek.conn', 'tap1', 0, 300, 1), 200, 90)],
    ['few records', moved(log('syslog', 'web01', 0, 150, 1), 100, 90)],
  ])('does not go back by %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});

it('takes the folder from a path, and the archive from what stands in one', () => {
  expect(
    ['/logs/zeek/conn.log', 'day.tar!zeek/conn.log', 'day.tar!conn.log', 'conn.log', '/conn.log'].map(folderOf),
  ).toEqual(['/logs/zeek', 'day.tar!zeek', 'day.tar', '', '']);
});
