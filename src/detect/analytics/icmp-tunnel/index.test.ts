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
    const [finding] = await findingsOf(analytic, [echo(sums([448, 86_022], [448, 80_624]))]);
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
    ['a search for the largest packet, whose large ones are lost', sums([400, 300_077], [310, 210_501])],
    ['packets of many sizes that all come back', sums([3000, 2_000_017], [3000, 2_000_017])],
    ['no answers', sums([448, 98_567], [0, 0])],
  ])('says nothing about %s', async (_what, fields) => {
    expect(await findingsOf(analytic, [echo(fields)])).toEqual([]);
  });

  const record = (content: number, changed: number) =>
    event('log', {
      event_dataset: 'pcap.icmp_echo',
      source_ip: '10.0.0.5',
      destination_ip: '203.0.113.9',
      fields: JSON.stringify({ requests: 3000, replies: 3000, changed_replies: changed, content_bytes: content }),
    });
  const returned = echo(sums([3000, 1_000_017], [3000, 1_000_017]));
  const padded = echo(sums([3000, 3_000_000], [3000, 3_000_000]));

  it('is told by what the packets held, though they came back unchanged', async () => {
    expect(await findingsOf(analytic, [returned, record(980_000, 0)])).toMatchObject([{ severity: 'medium' }]);
    expect(await findingsOf(analytic, [padded, record(200_000, 0)])).toMatchObject([{ severity: 'low' }]);
    expect(await findingsOf(analytic, [padded, record(2_900_000, 2900)])).toMatchObject([{ severity: 'medium' }]);
  });

  it('is not told where the packets held filling, whatever the sums say', async () => {
    expect(await findingsOf(analytic, [echo(sums([448, 98_567], [415, 80_624])), record(1500, 1)])).toEqual([]);
  });

  it('is told one way, where nobody answers, by what the packets held', async () => {
    const unanswered = echo(sums([700, 900_000], [0, 0]));
    expect(await findingsOf(analytic, [unanswered, record(890_000, 0)])).toMatchObject([
      { title: '10.0.0.5 sends 203.0.113.9 data in ICMP echo that nobody answers', severity: 'medium' },
    ]);
    // Large pings to a machine that is down, which hold filling.
    expect(await findingsOf(analytic, [unanswered, record(1400, 0)])).toEqual([]);
    expect(await findingsOf(analytic, [unanswered])).toEqual([]);
  });

  it('is told in replies that nobody asked for, by what they held', async () => {
    const replies = echo({ source_port: 0, destination_port: 8, ...sums([700, 900_000], [0, 0]) });
    expect(await findingsOf(analytic, [replies, record(890_000, 0)])).toMatchObject([
      { title: '10.0.0.5 sends 203.0.113.9 data in ICMP echo replies that nobody asked for', severity: 'medium' },
    ]);
    // Answers to pings from a machine with two addresses, and a capture of one direction alone.
    expect(await findingsOf(analytic, [replies, record(1400, 0)])).toEqual([]);
    expect(await findingsOf(analytic, [replies])).toEqual([]);
  });
});
