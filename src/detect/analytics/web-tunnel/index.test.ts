import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf } from '../../../events/event.ts';
import { analytic } from './index.ts';

const flow = (services: string, fields: Partial<EventOf<'flow'>> = {}) =>
  event('flow', {
    uid: 'C1',
    source_ip: '10.0.0.5',
    destination_ip: '203.0.113.9',
    source_port: 40_000,
    destination_port: 443,
    network_transport: 'tcp',
    network_protocol: services,
    source_payload_bytes: 4000,
    destination_payload_bytes: 9000,
    event_duration: 90_000_000,
    ...fields,
  });
const connect = event('http', { uid: 'C1', source_ip: '10.0.0.5', http_request_method: 'CONNECT' });

describe('another protocol inside HTTP', () => {
  it('is told in a WebSocket, by connections of the same kind together', async () => {
    const found = await findingsOf(analytic, [flow('http,websocket,ssh'), flow('http,websocket,ssh', { uid: 'C2' })]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({
      title: 'SSH inside a WebSocket from 10.0.0.5 to 203.0.113.9',
      severity: 'medium',
      count: 2,
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'address', value: '203.0.113.9' },
      ],
    });
  });

  it('weighs less between our own machines, and behind a CONNECT', async () => {
    const [inner] = await findingsOf(analytic, [flow('websocket,http,rfb', { destination_ip: '10.0.0.9' })]);
    expect(inner).toMatchObject({ severity: 'low', title: expect.stringContaining('RFB inside a WebSocket') });
    const [proxied] = await findingsOf(analytic, [flow('http,ssh', { destination_ip: '10.0.0.9' }), connect]);
    expect(proxied).toMatchObject({
      severity: 'low',
      title: expect.stringContaining('SSH inside a proxied connection'),
    });
  });

  it.each([
    ['a WebSocket alone', 'http,websocket'],
    ['what belongs into one', 'http,websocket,mqtt'],
    ['TLS behind a CONNECT', 'http,ssl'],
    ['SSH alone', 'ssh'],
    ['a flow without services', ''],
  ])('says nothing about %s', async (_what, services) => {
    expect(await findingsOf(analytic, [flow(services), connect])).toEqual([]);
  });

  it('asks for the CONNECT of the same connection', async () => {
    expect(await findingsOf(analytic, [flow('http,ssh', { uid: 'C9' }), connect])).toEqual([]);
  });
});
