import { describe, expect, it } from 'vitest';
import { Random } from '../../../../tests/fuzz/random.ts';
import { at, megabyte, toFlowEvents, type Connection } from '../../../../tests/support/flows/connections.ts';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import { microsPerDay, microsPerHour } from '../../../base/time.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { severityRank, type Finding } from '../../../events/finding.ts';
import { analytic } from './index.ts';

const thief = '10.1.0.10';
const store = '203.0.113.66';
const others = Array.from({ length: 8 }, (_none, index) => `10.1.0.${20 + index}`);

/** What a small network fetches in some days. */
function fetching(days: number, sources: readonly string[] = [thief, ...others]): Connection[] {
  const random = new Random(1);
  return Array.from({ length: days }, (_none, day) =>
    sources.map((source) => ({
      time: at(random, day, 9, 60),
      source,
      destination: '198.51.100.80',
      sent: 200_000,
      received: 40 * megabyte,
    })),
  ).flat();
}

function upload(fields: Partial<Connection> = {}): Connection {
  return {
    time: dayStart + 8 * microsPerDay,
    source: thief,
    destination: store,
    sent: 2000 * megabyte,
    received: megabyte,
    ...fields,
  };
}

function archives(count: number, spacing: number, fields: Partial<Connection> = {}): Connection[] {
  return Array.from({ length: count }, (_none, index) =>
    upload({ time: dayStart + index * spacing, sent: 524_288_000, received: 20_000, ...fields }),
  );
}

/** At two o'clock of every night; with `late` so many µs after that. */
function nightly(first: number, nights: number, fields: Partial<Connection> = {}, late = 0): Connection[] {
  return Array.from({ length: nights }, (_none, index) => {
    const day = first + index;
    const time = dayStart + day * microsPerDay + 2 * microsPerHour + late;
    return upload({ time, sent: 2e9 + 1e8 * Math.sin(day), ...fields });
  });
}

async function judge(connections: readonly Connection[], more: readonly VakthundEvent[] = []): Promise<Finding[]> {
  const sorted = [...connections].sort((a, b) => a.time - b.time);
  const events = [...sorted.flatMap((connection) => toFlowEvents(connection)), ...more];
  const findings = await findingsOf(
    analytic,
    events.map((row, index) => Object.assign(row, { evidence_at: index + 1 })),
  );
  return findings.filter((finding) => severityRank(finding.severity) >= severityRank('medium'));
}

describe('data sent out', () => {
  it('is told with who, where, how much and how', async () => {
    const [finding, ...more] = await judge([...fetching(3), ...archives(3, 25.6 * microsPerHour)]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      title: '10.1.0.10 sent 1.6 GB to 203.0.113.66 in 3 pieces of 524 MB',
      sentence: '10.1.0.10 sent 1.6 GB to 203.0.113.66 over 2.1 d',
      entities: [
        { kind: 'host', value: thief },
        { kind: 'address', value: store },
      ],
      attack: ['T1048', 'T1030'],
      count: 3,
      first_seen: dayStart,
    });
    expect(finding?.reasons.map((reason) => reason.what)).toContain('pieces of one size');
    expect(finding?.evidence).toHaveLength(3);
  });

  it('is told as one where pieces of one size went to several places in turns', async () => {
    const places = ['203.0.113.7', '198.18.4.4', '192.88.7.7', '45.9.9.9'];
    const dealt = places.map((destination, index) =>
      upload({ time: dayStart + (8 + index * 3.3) * microsPerDay, sent: 524_288_000, received: 20_000, destination }),
    );
    const found = await judge([...fetching(24), ...dealt]);
    expect(found).toMatchObject([
      {
        title: '10.1.0.10 sent 2.2 GB to 4 places in 4 pieces of 524 MB',
        severity: 'critical',
        count: 4,
        attack: ['T1048', 'T1030'],
        entities: [{ kind: 'host', value: thief }, ...places.map((value) => ({ kind: 'address', value }))],
      },
    ]);
    const reasons = new Map(found[0]?.reasons.map(({ what, value }) => [what, value]));
    expect(reasons.get('places')).toBe(places.join(', '));
    expect(reasons.get('on average')).toMatch(/^2\d\d MB a day$/);
  });

  it('is told place by place where what went there is not of one size', async () => {
    const places = ['203.0.113.7', '198.18.4.4', '192.88.7.7'];
    const mixed = places.map((destination, index) =>
      upload({ time: dayStart + (8 + index * 3.3) * microsPerDay, sent: (500 + index * 40) * megabyte, destination }),
    );
    const found = await judge([...fetching(24), ...mixed]);
    expect(found.map(({ title }) => title).every((title) => !title.includes('places'))).toBe(true);
    expect(found.length).toBeGreaterThan(1);
  });

  it('is quiet about backups that go to several places from the beginning on', async () => {
    const places = ['203.0.113.7', '198.18.4.4', '192.88.7.7'];
    const backups = places.flatMap((destination, index) =>
      nightly(0, 12, { destination, sent: 524_288_000 }, index * 600e6),
    );
    const found = await judge([
      ...fetching(12),
      ...others.flatMap((source) => backups.map((one) => ({ ...one, source }))),
    ]);
    expect(found).toEqual([]);
  });

  it.each([
    ['in parts within a day', [...fetching(1), ...archives(8, microsPerHour)]],
    ['in parts, by a machine that is alone', [...fetching(3, [thief]), ...archives(3, 25.6 * microsPerHour)]],
    ['at once, to a place that nobody knew', [...fetching(10), upload()]],
    ['in parts over weeks', [...fetching(28), ...archives(7, 3.7 * microsPerDay)]],
    ['in small parts over weeks', [...fetching(28), ...archives(24, 1.1 * microsPerDay, { sent: 52_428_800 })]],
    [
      'to several addresses of a network',
      [
        ...fetching(10),
        ...[1, 2, 3, 4].map((host) => upload({ destination: `203.0.113.${host}`, sent: 500 * megabyte })),
      ],
    ],
    [
      'to several addresses of a name',
      [
        ...fetching(10),
        ...[1, 2, 3, 4].map((host) =>
          upload({ destination: `203.0.${host}.9`, name: `n${host}.store.net`, sent: 500 * megabyte }),
        ),
      ],
    ],
    ['in a connection that is still open', [...fetching(10), upload({ isOpen: true })]],
    ['every night at one hour, from the second day on', [...fetching(10), ...nightly(2, 8)]],
    [
      'every night at one hour, to a named place, from the second day on',
      [...fetching(10), ...nightly(2, 8, { name: 'x.store.net' })],
    ],
    [
      'every night in pieces of one size, to an address without a name',
      [...fetching(10), ...nightly(0, 10, { sent: 524_288_000 }), ...nightly(0, 10, { sent: 524_288_000 }, 600e6)],
    ],
  ])('is found %s', async (_how, connections) => {
    expect(await judge(connections)).toHaveLength(1);
  });

  it('is found through a proxy of ours, by the name that it was asked for', async () => {
    const ends = {
      source_ip: thief,
      destination_ip: '10.1.1.1',
      destination_port: 3128,
      uid: 'P1',
      time: dayStart + 8 * microsPerDay,
    };
    const proxied = [
      event('flow', {
        ...ends,
        event_dataset: 'zeek.conn',
        source_bytes: 2e9,
        destination_bytes: 1e6,
        network_transport: 'tcp',
      }),
      event('http', { ...ends, http_request_method: 'CONNECT', url_domain: 'up.store.net' }),
    ];
    const [finding] = await judge(fetching(10), proxied);
    expect(finding?.entities).toContainEqual({ kind: 'domain', value: 'store.net' });
  });

  it('is found beside calls whose addresses nobody told', async () => {
    const nameless = event('http', { source_ip: thief, destination_ip: null, url_domain: 'www.shop.net', uid: 'H1' });
    const [finding] = await judge([...fetching(10), upload()], [nameless]);
    expect(finding?.entities).toContainEqual({ kind: 'address', value: store });
  });

  it('counts a connection once: while it was open, when it ended, and by two sensors', async () => {
    const end = toFlowEvents(upload())[0] as VakthundEvent;
    const open = [1e9, 1.5e9].map(
      (bytes, index) =>
        ({
          ...end,
          is_open: true,
          event_dataset: 'zeek.open_conn',
          source_bytes: bytes,
          event_duration: index + 1,
        }) as VakthundEvent,
    );
    const second = { ...end, event_dataset: 'suricata.flow', source_bytes: 2_070_000_000, uid: '77' } as VakthundEvent;
    const [finding] = await judge(fetching(10), [end, ...open, second]);
    expect(finding).toMatchObject({ count: 1, title: '10.1.0.10 sent 2.1 GB to 203.0.113.66' });
  });

  it('does not believe a payload that the wire did not carry', async () => {
    const forged = event('flow', {
      source_ip: thief,
      destination_ip: store,
      time: dayStart + 8 * microsPerDay,
      uid: 'F',
      event_dataset: 'zeek.conn',
      source_bytes: 400,
      source_payload_bytes: 4e9,
    });
    expect(await judge(fetching(10), [forged])).toEqual([]);
  });

  it.each([
    ['a nightly backup', nightly(0, 10)],
    ['a nightly backup to a named service, alike each time', nightly(0, 10, { name: 'vault.store.net', sent: 2e9 })],
    [
      'a backup of several machines',
      others.slice(0, 4).flatMap((source) => archives(5, 2 * microsPerDay, { source, sent: 3e9 })),
    ],
    ['one upload in parts, without a day before to compare with', archives(15, 25_000_000, { sent: 134_217_728 })],
    ['a call', [upload({ received: 1800 * megabyte })]],
    ['a download', [upload({ sent: 60 * megabyte, received: 3000 * megabyte })]],
    [
      'what outsiders fetch',
      [upload({ source: store, destination: thief, sent: megabyte, received: 9000 * megabyte })],
    ],
    ['a copy inside', [upload({ destination: '10.1.1.9' })]],
    ['multicast', [upload({ destination: '239.1.1.1' })]],
    ['a large attachment', [upload({ sent: 60 * megabyte })]],
  ])('is not %s', async (what, connections) => {
    const days = what.startsWith('one upload') ? 1 : 10;
    expect(await judge([...fetching(days), ...connections])).toEqual([]);
  });

  it('keeps its measure when a clock was wrong', async () => {
    const wrong = [
      event('flow', {
        source_ip: thief,
        destination_ip: '198.51.100.80',
        time: 1,
        source_bytes: 100,
        destination_bytes: 100,
        event_dataset: 'zeek.conn',
      }),
    ];
    expect(await judge([...fetching(10), ...nightly(0, 10)], wrong)).toEqual([]);
    expect(await judge([...fetching(10), upload()], wrong)).toHaveLength(1);
  });

  it('says nothing without events', async () => {
    expect(await findingsOf(analytic, [])).toEqual([]);
    expect(await findingsOf(analytic, [event('flow', {})])).toEqual([]);
  });
});
