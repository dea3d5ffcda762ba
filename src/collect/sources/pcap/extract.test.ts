import { describe, expect, it } from 'vitest';
import { ethernet, pcap, tcp, udp } from '../../../../tests/support/packets.ts';
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

async function cut(choose: (flow: FlowFacts) => boolean): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of source.extract?.(chunks(), choose) ?? []) parts.push(part);
  return Buffer.concat(parts);
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < capture.length; at += 50) yield capture.subarray(at, at + 50);
}

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
    for await (const { events } of source.decode(chunks(), context)) {
      flows.push(...events.filter(({ kind }) => kind === 'flow'));
    }
    expect(flows[0]).toMatchObject({ uid: first?.uid, network_community_id: first?.communityId });
  });

  it('gives nothing when nothing was chosen', async () => {
    expect(await cut(() => false)).toEqual(Buffer.alloc(0));
  });
});
