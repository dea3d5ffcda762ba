import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';
import { categories, parseServices, readServices } from './services.ts';

const minute = 60_000_000;
const day = 1440;
let uids = 0;

interface Parts {
  readonly source?: string;
  readonly sent?: number;
  readonly received?: number;
  readonly agent?: string;
  readonly ja4?: string;
}

/** One call as a flow with its handshake, or with its request when it says a user agent. `at` in minutes. */
function call(at: number, name: string, parts: Parts = {}): VakthundEvent[] {
  const {
    source = '10.0.0.5',
    sent = 900,
    received = 4000,
    agent,
    ja4 = 't13d1516h2_8daaf6152771_02713d6af862',
  } = parts;
  uids++;
  const shared = {
    time: dayStart + Math.round(at * minute),
    uid: `C${uids}`,
    source_ip: source,
    destination_ip: '203.0.113.9',
    destination_port: 443,
    network_transport: 'tcp',
    evidence_at: uids,
  };
  return [
    event('flow', { ...shared, source_payload_bytes: sent, destination_payload_bytes: received }),
    agent === undefined
      ? event('tls', { ...shared, tls_client_server_name: name, tls_client_ja4: ja4 })
      : event('http', { ...shared, url_domain: name, user_agent_original: agent, http_request_method: 'POST' }),
  ];
}

/** Machines at ordinary work for some days. */
const work = (days = 4): VakthundEvent[] =>
  Array.from({ length: days * 24 }, (_none, hour) =>
    ['10.0.0.5', '10.0.0.6', '10.0.0.7', '10.0.0.8'].flatMap((source) =>
      call(hour * 60 + 7, 'intranet.example', { source }),
    ),
  ).flat();
const regular = (from: number, count: number, name: string, parts: Parts = {}): VakthundEvent[] =>
  Array.from({ length: count }, (_none, index) => call(from + index * 20 + (index % 5), name, parts)).flat();
/** Bursts of visits with pauses of all lengths between, in the working hours of two days. */
const bursts = (from: number, name: string, parts: Parts = {}): VakthundEvent[] =>
  [0, 0.2, 0.9, 3, 3.4, 11, 12, 45, 46.5, 47, 130, 131, 139, 260, 261, 262, 1440, 1441, 1460, 1540, 1541, 1700].flatMap(
    (at) => call(from + 540 + at, name, parts),
  );

describe('services as a channel', () => {
  it('are told when a machine begins to call one by rhythm, with its client', async () => {
    const [finding, ...more] = await findingsOf(analytic, [
      ...work(),
      ...regular(2 * day, 90, 'api.telegram.org', { ja4: 't12d0505h1_aaaaaaaaaaaa_bbbbbbbbbbbb' }),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      detector: 'analytics/cloud-c2',
      title: '10.0.0.5 begins to use api.telegram.org, and not as people do',
      severity: 'high',
      first_seen: dayStart + 2 * day * minute,
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'domain', value: 'api.telegram.org' },
      ],
      attack: ['T1102'],
      count: 90,
    });
    expect(finding?.reasons.map(({ what }) => what)).toEqual([
      'never used before',
      'calls by rhythm',
      'around the clock',
      'bytes',
      'TLS client',
      'kind of service',
      'prevalence',
    ]);
  });

  it('are told by what is sent, and as a name below the service', async () => {
    const [finding] = await findingsOf(analytic, [
      ...work(),
      ...call(2 * day, 'uploads.gofile.io', { sent: 80_000_000, received: 20_000 }),
      ...call(2 * day + 31, 'store1.gofile.io', { sent: 90_000_000, received: 20_000 }),
    ]);
    expect(finding).toMatchObject({ severity: 'medium', attack: ['T1102', 'T1567.002', 'T1102.002'] });
    expect(finding?.entities.slice(1)).toEqual([
      { kind: 'domain', value: 'uploads.gofile.io' },
      { kind: 'domain', value: 'store1.gofile.io' },
    ]);
  });

  it('weigh more with a program that is no browser, and less with one that is', async () => {
    const events = [...work(), ...regular(2 * day, 30, 'pastebin.com')];
    const connect = (program: string) =>
      event('socket', {
        time: dayStart + 2 * day * minute,
        event_action: 'connect',
        host_name: 'ws5',
        process_executable: program,
        destination_ip: '203.0.113.9',
      });
    const [unknown] = await findingsOf(analytic, events);
    const [script] = await findingsOf(analytic, [...events, connect('/usr/bin/python3.11')]);
    const [browser] = await findingsOf(analytic, [...events, connect('/usr/lib/firefox/firefox')]);
    expect(script?.score).toBeCloseTo((unknown?.score ?? 0) + 0.15);
    expect(browser?.score).toBeCloseTo((unknown?.score ?? 0) - 0.2);
    expect(script?.entities).toContainEqual({ kind: 'executable', value: '/usr/bin/python3.11' });
  });

  it('are low when only their names were asked for, and when others use them too', async () => {
    const ask = (index: number) =>
      event('dns', {
        source_ip: '10.0.0.5',
        dns_question_name: 'api.telegram.org',
        time: dayStart + (2 * day + index * 20) * minute,
      });
    const asked = await findingsOf(analytic, [...work(), ...Array.from({ length: 90 }, (_none, index) => ask(index))]);
    expect(asked.map(({ severity }) => severity)).toEqual(['low']);
    const others = ['10.0.0.6', '10.0.0.7', '10.0.0.8'].flatMap((source) => bursts(0, 'api.telegram.org', { source }));
    const common = await findingsOf(analytic, [...work(), ...others, ...regular(2 * day, 90, 'api.telegram.org')]);
    expect(common.map(({ severity }) => severity)).toEqual(['low']);
  });

  it.each<[what: string, events: VakthundEvent[], settings?: object]>([
    ['use in bursts', bursts(2 * day, 'api.telegram.org')],
    ['a browser that uploads a little', bursts(2 * day, 'pastebin.com', { agent: 'Mozilla/5.0 (X11) Firefox/140.0' })],
    ['use from the beginning on', regular(60, 200, 'api.telegram.org')],
    ['a name that only ends alike', regular(2 * day, 90, 'notpastebin.com')],
    [
      'a service that is known here',
      regular(2 * day, 90, 'api.telegram.org'),
      { known: ['api.telegram.org', 'telegram.org'] },
    ],
    ['a machine that came with it', regular(2 * day, 90, 'api.telegram.org', { source: '10.0.0.99' })],
  ])('are not told for %s', async (_what, events, settings = {}) => {
    expect(await findingsOf(analytic, [...work(), ...events], { ...settings })).toEqual([]);
  });

  it('of the settings are known as well', async () => {
    const events = [...work(), ...regular(2 * day, 30, 'bin.example.net')];
    expect(await findingsOf(analytic, events)).toEqual([]);
    expect(await findingsOf(analytic, events, { services: ['Bin.example.net'] })).toHaveLength(1);
  });
});

describe('the list', () => {
  it('holds each name once, under a category that is known, and every category', () => {
    const services = readServices();
    expect(new Set(services.map(({ name }) => name)).size).toBe(services.length);
    expect(new Set(services.map(({ category }) => category))).toEqual(new Set(categories));
    expect(services.filter(({ name }) => !/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(name))).toEqual([]);
    expect(services.length).toBeGreaterThan(150);
  });

  it('passes over lines of another form', () => {
    expect(parseServices('# x\npaste a.example\npaste\nother b.example\nchat c.example d\n')).toEqual([
      { name: 'a.example', category: 'paste' },
    ]);
  });
});
