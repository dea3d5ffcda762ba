import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

const minute = 60_000_000;

interface CallParts {
  readonly source?: string;
  readonly name?: string;
  readonly agent?: string;
  readonly method?: string;
  readonly isTls?: boolean;
}

let uids = 0;

/** One call as two records: the flow with its sizes, and the request or handshake. */
function call(at: number, sent: number, parts: CallParts = {}): VakthundEvent[] {
  const { source = '10.0.0.5', name = 'updates.vendor.example', agent = 'Updater/1.0', method = 'GET' } = parts;
  uids++;
  const shared = {
    time: dayStart + at * minute,
    uid: `C${uids}`,
    source_ip: source,
    destination_ip: '203.0.113.9',
    destination_port: 80,
    network_transport: 'tcp',
    evidence_at: uids,
  };
  const flow = event('flow', { ...shared, source_payload_bytes: sent, destination_payload_bytes: 400 });
  const named =
    parts.isTls === true
      ? event('tls', { ...shared, tls_client_server_name: name })
      : event('http', {
          ...shared,
          url_domain: name,
          http_request_method: method,
          url_original: '/check.xml?v=1',
          user_agent_original: agent,
          http_trans_depth: 1,
        });
  return [flow, named];
}

const calm = (count: number, parts: CallParts = {}): VakthundEvent[] =>
  Array.from({ length: count }, (_none, index) => call(index * 10, 180 + (index % 3) * 5, parts)).flat();
const grown = (from: number, count: number, sent: number, parts: CallParts = {}): VakthundEvent[] =>
  Array.from({ length: count }, (_none, index) => call((from + index) * 10, sent + (index % 4) * 7, parts)).flat();

describe('an updater that begins to phone home', () => {
  it('is told from the first call that carries more, with what stayed the same', async () => {
    const [finding, ...more] = await findingsOf(analytic, [...calm(30), ...grown(30, 12, 700)]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      title: '10.0.0.5 sends more to updates.vendor.example than its calls ever did',
      severity: 'high',
      first_seen: dayStart + 300 * minute,
      count: 12,
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'domain', value: 'updates.vendor.example' },
        { kind: 'address', value: '203.0.113.9' },
      ],
    });
    expect(finding?.reasons.map(({ what }) => what)).toContain('the rest stayed the same');
    expect(finding?.series?.[0]?.bins).toHaveLength(42);
  });

  it('is told in TLS by the size alone', async () => {
    const isTls = { isTls: true };
    const [finding] = await findingsOf(analytic, [...calm(30, isTls), ...grown(30, 12, 900, isTls)]);
    expect(finding?.severity).toBe('medium');
  });

  it('counts more when others that call it stay as they were, and less when all change at once', async () => {
    const one = [...calm(30), ...grown(30, 12, 700)];
    const other = { source: '10.0.0.6' };
    const [alone] = await findingsOf(analytic, [...one, ...calm(42, other)]);
    const together = await findingsOf(analytic, [...one, ...calm(30, other), ...grown(30, 12, 700, other)]);
    expect(together).toHaveLength(2);
    expect(together[0]?.score).toBeLessThan((alone?.score ?? 0) - 0.3);
  });

  it('counts less when the program says a new version of itself', async () => {
    const [finding] = await findingsOf(analytic, [...calm(30), ...grown(30, 12, 700, { agent: 'Updater/2.0' })]);
    expect(finding?.severity).toBe('medium');
  });

  it.each<[what: string, events: VakthundEvent[]]>([
    ['a channel that stays as it was', calm(60)],
    [
      'one that was never calm',
      grown(0, 40, 100)
        .concat(calm(3))
        .concat(grown(50, 9, 5000)),
    ],
    ['growth by a few bytes', [...calm(30), ...grown(30, 12, 240)]],
    ['a single larger call', [...calm(30), ...grown(30, 1, 900), ...calm(5)]],
    ['a change that went back', [...calm(20), ...grown(20, 5, 900), ...grown(25, 20, 180)]],
    ['too few calls before', [...calm(5), ...grown(5, 12, 900)]],
  ])('says nothing about %s', async (_what, events) => {
    expect(await findingsOf(analytic, events)).toEqual([]);
  });
});
