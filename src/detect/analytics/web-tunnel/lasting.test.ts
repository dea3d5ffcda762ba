import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf, VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

type Request = Partial<EventOf<'http'>>;
type Flow = Partial<EventOf<'flow'>>;

let connections = 0;

/** A connection with one request. Times in seconds after the day's start. */
function connection(start: number, seconds: number, client: string, request: Request, flow: Flow): VakthundEvent[] {
  const shared = {
    time: dayStart + start * 1e6,
    evidence_at: ++connections,
    uid: `C${connections}`,
    source_ip: client,
    destination_ip: '198.51.100.7',
    destination_port: 18_888,
  };
  return [
    event('flow', { ...shared, network_protocol: 'http', event_duration: seconds * 1e6, ...flow }),
    event('http', { ...shared, url_domain: 'cdn.test', url_original: '/index.html?crap=1', ...request }),
  ];
}

const sent = (
  start: number,
  seconds: number,
  bytesOfPacket = 64,
  more: Request = {},
  client = '10.9.0.2',
): VakthundEvent[] =>
  connection(
    start,
    seconds,
    client,
    { http_request_method: 'POST', http_request_body_bytes: 27_030, http_response_body_bytes: 0, ...more },
    { source_payload_bytes: 27_144, source_packets: Math.ceil(27_144 / bytesOfPacket) },
  );
const got = (start: number, seconds: number, more: Request = {}, client = '10.9.0.2'): VakthundEvent[] =>
  connection(
    start,
    seconds,
    client,
    { http_request_method: 'GET', http_request_body_bytes: 0, http_response_body_bytes: 102_400, ...more },
    { destination_payload_bytes: 102_569, destination_packets: 165 },
  );

/** As httptunnel was recorded: one request for what goes out, one after another for what comes in. */
const tunnel = [...sent(0, 71), ...got(0, 22), ...got(22, 12), ...got(35, 20), ...got(56, 9)];

/** One request whose answer comes while it is sent: many small packets both ways, as `after` bytes of its body came after the answer began. */
const both = (seconds: number, after: number | undefined, more: Request = {}, flow: Flow = {}): VakthundEvent[] =>
  connection(
    0,
    seconds,
    '10.9.0.2',
    {
      http_request_method: 'POST',
      http_version: '1.1',
      http_request_body_bytes: 12_557,
      http_response_body_bytes: 9864,
      fields: after === undefined ? null : JSON.stringify({ request_body_after_answer: String(after) }),
      ...more,
    },
    {
      source_payload_bytes: 12_900,
      source_packets: 108,
      destination_payload_bytes: 10_300,
      destination_packets: 116,
      ...flow,
    },
  );

describe('a stream in lasting requests', () => {
  it('is told in one request that is answered before it is over', async () => {
    const found = await findingsOf(analytic, both(24, 12_000));
    expect(found).toMatchObject([
      { title: 'A stream in lasting web requests from 10.9.0.2 to cdn.test', severity: 'high' },
    ]);
    expect(found[0]?.reasons).toContainEqual(
      expect.objectContaining({ what: 'requests', value: '1 answered before it was over' }),
    );
  });

  it('is told sooner when it is all small packets, as keys and echoes are', async () => {
    const keys = { source_payload_bytes: 2080, source_packets: 97 };
    const short = [...sent(0, 10.3), ...got(0, 10.3)].map((one) =>
      one.kind === 'flow' && one['source_packets'] !== undefined && one['source_packets'] !== null
        ? { ...one, ...keys }
        : one,
    );
    expect(await findingsOf(analytic, short)).toMatchObject([{ severity: 'high' }]);
    expect(await findingsOf(analytic, [...sent(0, 10.3, 300), ...got(0, 10.3)])).toEqual([]);
  });

  it('is told with what went both ways', async () => {
    const found = await findingsOf(analytic, tunnel);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      title: 'A stream in lasting web requests from 10.9.0.2 to cdn.test',
      severity: 'high',
      attack: ['T1572', 'T1071.001'],
      count: 5,
    });
  });

  it('weighs less among other requests of the same site', async () => {
    const others = ['/a', '/b', '/c'].flatMap((url_original) => got(80, 0, { url_original }));
    const [alone] = await findingsOf(analytic, tunnel);
    const [among] = await findingsOf(analytic, [...tunnel, ...others]);
    expect((alone?.score ?? 0) - (among?.score ?? 0)).toBeCloseTo(0.15);
  });

  it('is no more than a hint where a camera is watched', async () => {
    const watched = tunnel.map((one) => (one.kind === 'flow' ? { ...one, network_protocol: 'http,rtsp' } : one));
    expect(await findingsOf(analytic, watched)).toMatchObject([{ severity: 'low' }]);
    const mixed = watched.map((one) => (one === watched[0] ? { ...one, network_protocol: 'http' } : one));
    expect(await findingsOf(analytic, mixed)).toMatchObject([{ severity: 'high' }]);
  });

  it.each<[string, VakthundEvent[]]>([
    ['a file that is sent while events come', [...sent(0, 71, 1400), ...got(0, 22), ...got(22, 40)]],
    ['events of a server, and short calls', [...got(0, 600), ...sent(5, 1), ...sent(9, 1)]],
    ['a slow sender without a way back', sent(0, 71)],
    ['a way back to another address', [...sent(0, 71), ...got(0, 71, { url_original: '/other' })]],
    ['one after the other', [...sent(0, 71), ...got(100, 71)]],
    ['fast downloads beside', [...sent(0, 71), ...got(0, 60, { http_response_body_bytes: 90e6 })]],
    ['an answer word by word to a question (a language model)', both(50, undefined)],
    ['a gRPC stream', both(50, 12_000, { http_version: '2' })],
    ['a large file that is refused early', both(24, 900_000, { http_response_body_bytes: 300 })],
    [
      'a file that is changed while it is sent',
      both(24, 900_000, {}, { source_payload_bytes: 900_000, source_packets: 640 }),
    ],
    ['answered calls that wait', [...sent(0, 30, 64, { http_response_body_bytes: 5000 }), ...got(0, 30)]],
  ])('is not %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });

  it('is not what a whole network uses', async () => {
    const clients = Array.from({ length: 6 }, (_none, client) => [
      ...sent(0, 71, 64, {}, `10.9.0.${20 + client}`),
      ...got(0, 50, {}, `10.9.0.${20 + client}`),
    ]).flat();
    const found = await findingsOf(analytic, clients);
    expect(found).toHaveLength(6);
    expect(found.every(({ severity }) => severity !== 'high')).toBe(true);
  });
});
