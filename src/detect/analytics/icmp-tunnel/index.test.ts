import { describe, expect, it } from 'vitest';
import { event, findingsOf } from '../../../../tests/support/event-store.ts';
import type { EventOf } from '../../../events/event.ts';
import { analytic } from './index.ts';

const echo = (fields: Partial<EventOf<'flow'>>) =>
  event('flow', {
    source_ip: '10.0.0.5',
    destination_ip: '203.0.113.9',
    source_port: 8,
    destination_port: 0,
    network_transport: 'icmp',
    event_duration: 90_000_000,
    ...fields,
  });
const sums = (out: [number, number], back: [number, number]): Partial<EventOf<'flow'>> => ({
  source_packets: out[0],
  source_payload_bytes: out[1],
  destination_packets: back[0],
  destination_payload_bytes: back[1],
});

describe('data inside ICMP', () => {
  it('is told by sizes that change and answers that differ', async () => {
    const [finding] = await findingsOf(analytic, [echo(sums([448, 86_022], [415, 80_624]))]);
    expect(finding).toMatchObject({
      title: '10.0.0.5 and 203.0.113.9 exchange data in ICMP echo',
      severity: 'medium',
      entities: [
        { kind: 'host', value: '10.0.0.5' },
        { kind: 'address', value: '203.0.113.9' },
      ],
    });
  });

  it.each([
    ['a ping that runs all day', sums([86_400, 86_400 * 56], [86_400, 86_400 * 56])],
    ['one with large packets', sums([1000, 1_400_000], [1000, 1_400_000])],
    ['one that loses answers', sums([1000, 56_000], [650, 650 * 56])],
    ['a few odd packets', sums([7, 1003], [7, 999])],
    ['no answers', sums([448, 98_567], [0, 0])],
  ])('says nothing about %s', async (_what, fields) => {
    expect(await findingsOf(analytic, [echo(fields)])).toEqual([]);
  });
});
