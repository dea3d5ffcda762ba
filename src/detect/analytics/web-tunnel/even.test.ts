import { describe, expect, it } from 'vitest';
import { dayStart, event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { analytic } from './index.ts';

interface Socket {
  readonly client?: string;
  readonly server?: string;
  readonly host?: string;
  readonly agent?: string;
  readonly orig?: object;
  readonly resp?: object;
  readonly isCompressed?: boolean;
}

let connections = 0;
const even = { text_messages: 0, binary_messages: 40, bytes: 28_000, entropy: 7.993, is_even: true };

/** The records of one WebSocket: its upgrade and what went through it. */
function socket({
  client = '10.0.0.5',
  server = '198.51.100.7',
  host = server,
  agent,
  ...more
}: Socket): VakthundEvent[] {
  const { orig = even, resp = even, isCompressed = false } = more;
  const shared = {
    time: dayStart + ++connections * 1e6,
    evidence_at: connections,
    uid: `C${connections}`,
    source_ip: client,
    destination_ip: server,
    destination_port: 80,
  };
  const asked = { host, uri: '/ws', user_agent: agent };
  return [
    event('log', { ...shared, log_name: 'websocket', fields: JSON.stringify(asked) }),
    event('log', {
      ...shared,
      log_name: 'websocket_content',
      fields: JSON.stringify({ orig, resp, is_compressed: isCompressed }),
    }),
    event('http', { ...shared, http_request_method: 'GET', url_original: '/ws' }),
  ];
}

const browser = 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0';
const page = (count: number): VakthundEvent[] =>
  Array.from({ length: count }, (_none, index) =>
    event('http', {
      time: dayStart,
      source_ip: '10.0.0.5',
      destination_ip: '198.51.100.7',
      url_original: `/part${index}`,
    }),
  );

describe('encryption inside a WebSocket that can be read', () => {
  it('is told with what went both ways', async () => {
    const found = await findingsOf(analytic, [...socket({}), ...socket({})]);
    expect(found).toMatchObject([
      {
        title: 'Encryption inside a WebSocket from 10.0.0.5 to 198.51.100.7',
        severity: 'medium',
        count: 2,
        attack: ['T1572', 'T1573'],
      },
    ]);
  });

  it('of a messenger in a browser, on its page, is low', async () => {
    const found = await findingsOf(analytic, [...socket({ host: 'web.chat.test', agent: browser }), ...page(5)]);
    expect(found.map(({ severity }) => severity)).toEqual(['low']);
  });

  it('that many clients have with one server is not told', async () => {
    const events = Array.from({ length: 6 }, (_none, index) =>
      socket({ client: `10.0.0.${20 + index}`, host: 'web.chat.test', agent: browser }),
    ).flat();
    expect(
      (await findingsOf(analytic, events)).every(({ severity }) => severity === 'info' || severity === 'low'),
    ).toBe(true);
  });

  it.each<[string, Socket]>([
    ['video that is pushed', { orig: { ...even, binary_messages: 0, text_messages: 4, is_even: false } }],
    ['structured on one side', { resp: { ...even, entropy: 5.1, is_even: false } }],
    ['with text among it', { orig: { ...even, text_messages: 1 } }],
    ['compressed', { isCompressed: true }],
  ])('is not what is %s', async (_what, one) => {
    expect(await findingsOf(analytic, socket(one))).toEqual([]);
  });
});
