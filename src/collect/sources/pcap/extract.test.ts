import { describe, expect, it } from 'vitest';
import { ethernet, ipv4, pcap, tcp, udp, udpDatagram } from '../../../../tests/support/packets.ts';
import { silentLogger } from '../../../base/logger.ts';
import type { FlowFacts } from '../../source.ts';
import { source } from './index.ts';

const dns = (port: number): Buffer => ethernet(udp(`10.0.0.1:${port}`, '10.0.0.2:53', 'question'));
const web = ethernet(tcp({ from: '10.0.0.1:40000', to: '10.0.0.3:443', flags: 'S', seq: 1 }));
const capture = pcap([
  { at: 1_700_000_000, bytes: dns(1000) },
  { at: 1_700_000_001.5, bytes: web, wireBytes: 900 },
  { at: 1_700_000_002, bytes: dns(2000) },
]);

async function cut(choose: (flow: FlowFacts) => boolean, from = capture): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source.extract?.(chunks(from), choose) ?? []) parts.push(part);
  return Buffer.concat(parts);
}

async function* chunks(from: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < from.length; at += 50) yield from.subarray(at, at + 50);
}

/** The datagram in three fragments; `wrap` puts each into what carries it. */
function fragments(from: string, to: string, id: number, wrap = ethernet): [Buffer, Buffer, Buffer] {
  const datagram = udpDatagram(from, to, 'x'.repeat(40));
  const piece = (offset: number, end: number): Buffer => {
    const options = { protocol: 17, id, offset, hasMore: end < datagram.length };
    return wrap(ipv4(from, to, datagram.subarray(offset, end), options));
  };
  return [piece(0, 16), piece(16, 32), piece(32, 48)];
}

const record = (bytes: Buffer, index: number): { at: number; bytes: Buffer } => ({ at: 1_700_000_000 + index, bytes });

describe('extract', () => {
  it('gives the packets of the chosen connections as a capture, as they were', async () => {
    const expected = pcap([{ at: 1_700_000_001.5, bytes: web, wireBytes: 900 }]);
    expect(await cut(({ destinationPort }) => destinationPort === 443)).toEqual(expected);
  });

  it('tells connections by the ids that decoding gives them', async () => {
    const seen: FlowFacts[] = [];
    await cut((flow) => seen.push(flow) > 0);
    expect(seen).toHaveLength(3);
    const [first] = seen;
    expect(first).toMatchObject({ sourceIp: '10.0.0.1', sourcePort: 1000, transport: 'udp' });
    const flows: unknown[] = [];
    const context = { name: 'x', start: { byte: 0, line: 0 }, growing: false, logger: silentLogger };
    for await (const { events } of source.decode(chunks(capture), context)) {
      flows.push(...events.filter(({ kind }) => kind === 'flow'));
    }
    expect(flows[0]).toMatchObject({ uid: first?.uid, network_community_id: first?.communityId });
  });

  it('gives nothing when nothing was chosen', async () => {
    expect(await cut(() => false)).toEqual(Buffer.alloc(0));
  });

  describe('of fragmented datagrams', () => {
    const other = fragments('10.0.0.1:3000', '10.0.0.2:53', 7);
    const wanted = fragments('10.0.0.9:1000', '10.0.0.3:443', 8);
    const choose = ({ destinationPort }: FlowFacts): boolean => destinationPort === 443;

    it('gives all fragments, in the order of the capture, whichever comes first, and copies of them', async () => {
      const [first, second, third] = wanted;
      const all = [third, other[0], web, first, other[1], first, second, dns(5), other[2], second];
      const records = all.map(record);
      const expected = records.filter(({ bytes }) => bytes === web || wanted.includes(bytes));
      expect(await cut(choose, pcap(records))).toEqual(pcap(expected));
    });

    it('gives all frames of a datagram in a tunnel whose packets are fragmented themselves', async () => {
      const outer = wanted.flatMap((inner, index) => {
        const payload = Buffer.concat([Buffer.from('00000800', 'hex'), inner.subarray(14)]);
        const piece = (offset: number, end: number, hasMore: boolean): Buffer =>
          ethernet(
            ipv4('192.0.2.1', '192.0.2.2', payload.subarray(offset, end), {
              protocol: 47,
              id: index + 1,
              offset,
              hasMore,
            }),
          );
        return [piece(0, 16, true), piece(16, payload.length, false)];
      });
      const frames = [...outer, ...other];
      expect(await cut(choose, pcap(frames.map(record)))).toEqual(pcap(outer.map(record)));
    });

    it('gives the fragments of an incomplete one whose first names an open connection, and no others', async () => {
      const known = ethernet(udp('10.0.0.9:1000', '10.0.0.3:443', 'known'));
      const [first, second] = wanted;
      const stray = fragments('10.0.0.9:1000', '10.0.0.3:443', 99)[1];
      const frames = [known, second, stray, first, other[0]];
      const expected = [0, 1, 3].map((index) => record(frames[index] ?? known, index));
      expect(await cut(choose, pcap(frames.map(record)))).toEqual(pcap(expected));
    });

    it('does not hold the rest back for a fragment that stays alone', async () => {
      const later = { at: 1_700_000_100, bytes: ethernet(udp('10.0.0.9:1000', '10.0.0.3:443', 'later')) };
      const sizes: number[] = [];
      async function* slowly(): AsyncGenerator<Uint8Array> {
        yield pcap([record(other[0], 0), record(web, 1), later]);
        sizes.push(0);
        yield pcap([later]).subarray(24);
      }
      for await (const part of source.extract?.(slowly(), choose) ?? []) sizes.push(part.length);
      expect(sizes[0]).toBeGreaterThan(100);
    });
  });
});
