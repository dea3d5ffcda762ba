import { describe, expect, it, test } from 'vitest';
import { ethernet, ipv4, pcap, udp, udpDatagram } from '../../../../../tests/support/packets.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import { CaptureDecoder } from '../capture-decoder.ts';

const datagram = udp('10.0.0.1:5000', '10.0.0.2:53', 'question');
const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const outer = (protocol: number, ...parts: readonly Uint8Array[]): Buffer =>
  ipv4('192.0.2.1', '192.0.2.2', Buffer.concat(parts), { protocol });
const overUdp = (port: number, ...parts: readonly Uint8Array[]): Buffer =>
  udp('192.0.2.1:40000', `192.0.2.2:${port}`, Buffer.concat(parts));

/** AH with an integrity check value of 12 bytes before a payload of a protocol. */
const ah = (next: number): Buffer => Buffer.concat([Buffer.from([next, 4, 0, 0]), Buffer.alloc(20, 0x5a)]);
/** ESP without encryption (RFC 4303): index, number, payload, padding, trailer, check value. */
function esp(next: number, payload: Uint8Array, icvBytes: number): Buffer {
  const padding = (4 - ((payload.length + 2) % 4)) % 4;
  const trailer = Buffer.from([...[1, 2, 3].slice(0, padding), padding, next]);
  return Buffer.concat([hex('00001234 00000007'), payload, trailer, Buffer.alloc(icvBytes, 0xa7)]);
}

function decode(packet: Uint8Array): { flows: VakthundEvent[]; tunnels: string[]; problems: unknown[] } {
  const decoder = new CaptureDecoder({ protocols: [], checksums: 'drop' });
  decoder.push(pcap([{ at: 1_700_000_000, bytes: ethernet(packet) }]));
  decoder.finish();
  const events = decoder.takeEvents();
  const tunnels = events.flatMap((event) => (event.kind === 'log' ? (event.fields ?? '') : []));
  return {
    flows: events.filter(({ kind }) => kind === 'flow'),
    tunnels: tunnels
      .filter((text) => text.includes('DISCOVER'))
      .map((text) => /Tunnel::(?<name>\w+)/.exec(text)?.[1] ?? ''),
    problems: decoder.takeProblems(true),
  };
}

test.each([
  ['L2TP 2', 'L2TP', overUdp(1701, hex('0002 000b 0016 ff030021'), datagram)],
  [
    'L2TP 2 with length, numbers, offset, and PPP without addresses',
    'L2TP',
    overUdp(1701, hex('4a02 0037 000b 0016 0003 0004 0002 0000 0021'), datagram),
  ],
  ['L2TP 3 over UDP', 'L2TP', overUdp(1701, hex('0003 0000 0000004d'), ethernet(datagram))],
  ['L2TP 3 over IP', 'L2TP', outer(115, hex('0000004d'), ethernet(datagram))],
  [
    'L2TP 3 with a cookie and a sublayer',
    'L2TP',
    outer(115, hex('0000004d aabbccdd aabbccdd 40000001'), ethernet(datagram)),
  ],
  ['L2TP 3 with PPP', 'L2TP', outer(115, hex('0000004d ff030021'), datagram)],
  ['AH around a packet', 'IP', outer(51, ah(4), datagram)],
  ['plain ESP', 'IP', outer(50, esp(4, datagram, 12))],
  ['plain ESP, longer check', 'IP', outer(50, esp(4, datagram, 16))],
  ['AH around plain ESP', 'IP', outer(51, ah(50), esp(4, datagram, 0))],
  ['plain ESP over UDP', 'IPSEC', overUdp(4500, esp(4, datagram, 12))],
  ['VXLAN-GPE', 'VXLAN_GPE', overUdp(4790, hex('0c000001 00000500'), datagram)],
  ['VXLAN-GPE with Ethernet', 'VXLAN_GPE', overUdp(4790, hex('0c000003 00000500'), ethernet(datagram))],
  ['GRE in UDP', 'GRE', overUdp(4754, hex('00000800'), datagram)],
  ['MPLS in UDP', 'MPLS', overUdp(6635, hex('00010140'), datagram)],
  ['GUE', 'GUE', overUdp(6080, hex('00040000'), datagram)],
  ['GUE without a header', 'GUE', overUdp(6080, datagram)],
  ['IP in UDP', 'FOU', overUdp(5555, datagram)],
  ['GRE in UDP at the port of FOU', 'FOU', overUdp(5555, hex('00000800'), datagram)],
  ['LISP', 'LISP', overUdp(4341, hex('80000001 00000001'), datagram)],
])('the flow in %s is read, and the tunnel told', (_name, type, packet) => {
  const { flows, tunnels, problems } = decode(packet);
  expect(flows.at(-1)).toMatchObject({
    source_ip: '10.0.0.1',
    destination_ip: '10.0.0.2',
    destination_port: 53,
    tunnel_parents: [expect.stringMatching(/^C/)],
  });
  expect(tunnels).toEqual([type]);
  expect(problems).toEqual([]);
});

test.each([
  [
    'AH',
    ipv4('10.0.0.1', '10.0.0.2', Buffer.concat([ah(17), udpDatagram('10.0.0.1:5000', '10.0.0.2:53', 'question')]), {
      protocol: 51,
    }),
  ],
  [
    'plain ESP',
    ipv4('10.0.0.1', '10.0.0.2', esp(17, udpDatagram('10.0.0.1:5000', '10.0.0.2:53', 'question'), 12), {
      protocol: 50,
    }),
  ],
])('the datagram behind %s is read without a tunnel', (_name, packet) => {
  const { flows, tunnels, problems } = decode(packet);
  expect(flows).toMatchObject([{ network_transport: 'udp', destination_port: 53, source_ip: '10.0.0.1' }]);
  expect([tunnels, problems]).toEqual([[], []]);
});

test('PPPoE with a protocol number of one byte is read', () => {
  const frame = Buffer.concat([ethernet(Buffer.alloc(0)).subarray(0, 12), hex('8864 1100 0001 0025 21'), datagram]);
  const decoder = new CaptureDecoder({ protocols: [], checksums: 'drop' });
  decoder.push(pcap([{ at: 1, bytes: frame }]));
  decoder.finish();
  expect(decoder.takeEvents()).toMatchObject([{ kind: 'flow', destination_port: 53 }]);
});

test.each([
  ['Ethernet below MPLS', '00001140 00000000 020000000001 020000000002 8847'],
  ['bridged Ethernet', '020000000001 020000000002 6558'],
  ['PPP below MPLS', '00001140 00000000 020000000001 020000000002 8864 11000001ffff 0281'],
  ['SNAP', '8100 0001 0008 aaaa03 000000'],
  ['FabricPath', '020000000001 020000000002 8903'],
])('layers of %s without end are not followed', (_name, layer) => {
  const frame = Buffer.concat(Array<Buffer>(10_000).fill(hex(layer)));
  for (const start of ['8847', '6558', '8864', '8100', '8903']) {
    const decoder = new CaptureDecoder({ protocols: [], checksums: 'drop' });
    decoder.push(pcap([{ at: 1, bytes: Buffer.concat([hex(`020000000001 020000000002 ${start}`), frame]) }]));
    decoder.finish();
    expect(decoder.takeEvents()).toEqual([]);
  }
});

describe('what only looks like a tunnel stays a flow of its own', () => {
  const noise = Buffer.from(Array.from({ length: 120 }, (_none, index) => (index * 151 + (index >> 2) * 37) & 255));

  it.each([
    ['encrypted ESP', outer(50, noise)],
    ['ESP that ends within its header', outer(50, noise.subarray(0, 5))],
    ['AH that is longer than its packet', outer(51, Buffer.from([4, 255, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1]))],
    ['AH that ends within its header', outer(51, Buffer.from([4, 4, 0]))],
    ['control of L2TP 3', outer(115, hex('00000000 c8030014 00000000 00000000 00000000'))],
    ['L2TP 3 with something unknown', outer(115, noise)],
  ])('%s', (_name, packet) => {
    const { flows, tunnels } = decode(packet);
    expect(flows).toMatchObject([{ network_transport: 'unknown_transport', source_ip: '192.0.2.1' }]);
    expect(tunnels).toEqual([]);
  });

  it.each([1701, 4341, 4500, 4754, 4790, 5555, 6080])('other bytes at port %d', (port) => {
    for (const bytes of [noise, noise.subarray(0, 3), Buffer.alloc(0)]) {
      const { flows, tunnels } = decode(overUdp(port, bytes));
      expect(flows).toMatchObject([{ network_transport: 'udp', destination_port: port, network_protocol: null }]);
      expect(tunnels).toEqual([]);
    }
  });

  it('IP in UDP that does not fill its datagram, or whose sum is wrong', () => {
    const damaged = Buffer.from(datagram);
    damaged[8] = (damaged[8] ?? 0) ^ 1;
    for (const bytes of [damaged, Buffer.concat([datagram, Buffer.alloc(1)]), datagram.subarray(0, 20)]) {
      expect(decode(overUdp(5555, bytes))).toMatchObject({ flows: [{ destination_port: 5555 }], tunnels: [] });
    }
  });

  it('control messages of L2TP 2', () => {
    const { flows, tunnels } = decode(overUdp(1701, hex('c802 0014 0000 0000 0000 0000 8008 0000 0000 0001')));
    expect(flows).toMatchObject([{ destination_port: 1701 }]);
    expect(tunnels).toEqual([]);
  });
});
