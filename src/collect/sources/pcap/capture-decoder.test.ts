import { describe, expect, it } from 'vitest';
import type { VakthundEvent } from '../../../events/event.ts';
import type { Problem } from '../../../base/problem.ts';
import {
  ethernet,
  icmp,
  ipv4,
  pcap,
  tcp,
  udp,
  udpDatagram,
  type PcapOptions,
  type CapturedFrame,
  type Segment,
} from '../../../../tests/support/packets.ts';
import { defineAnalyzer, type AnalyzerContext, type FirstBytes, type ProtocolAnalyzer } from './analyzer.ts';
import { CaptureDecoder } from './capture-decoder.ts';

const start = 1_700_000_000;
const client = '10.0.0.1:40000';
const server = '93.184.216.34:80';

interface Decoded {
  readonly flows: readonly VakthundEvent[];
  readonly problems: readonly Problem[];
}

function decode(
  records: readonly CapturedFrame[],
  protocols: readonly ProtocolAnalyzer[] = [],
  options?: PcapOptions,
): Decoded {
  const decoder = new CaptureDecoder({ protocols, checksums: 'drop' });
  decoder.push(pcap(records, options));
  decoder.finish();
  const flows = decoder.takeEvents().filter(({ kind }) => kind === 'flow');
  return { flows, problems: decoder.takeProblems(true) };
}

/** Ethernet frames of IP packets, a millisecond apart. */
function framesOf(packets: readonly Uint8Array[], gapSeconds = 0.001): CapturedFrame[] {
  return packets.map((packet, index) => ({ at: start + index * gapSeconds, bytes: ethernet(packet) }));
}

type Step = Pick<Segment, 'flags' | 'seq'> & Partial<Segment>;
const fromClient = (step: Step): Buffer => tcp({ from: client, to: server, ...step });
const fromServer = (step: Step): Buffer => tcp({ from: server, to: client, ...step });

const handshake = [
  fromClient({ flags: 'S', seq: 100 }),
  fromServer({ flags: 'SA', seq: 500, ack: 101 }),
  fromClient({ flags: 'A', seq: 101, ack: 501 }),
];
const goodbye = (clientSeq: number, serverSeq: number): Buffer[] => [
  fromClient({ flags: 'FA', seq: clientSeq, ack: serverSeq }),
  fromServer({ flags: 'FA', seq: serverSeq, ack: clientSeq + 1 }),
  fromClient({ flags: 'A', seq: clientSeq + 1, ack: serverSeq + 1 }),
];

describe('TCP flows', () => {
  it('follows a connection from SYN to FIN', () => {
    const { flows, problems } = decode(
      framesOf([
        ...handshake,
        fromClient({ flags: 'PA', seq: 101, ack: 501, data: 'hello' }),
        fromServer({ flags: 'PA', seq: 501, ack: 106, data: 'hello yourself' }),
        fromClient({ flags: 'A', seq: 106, ack: 515 }),
        ...goodbye(106, 515),
      ]),
    );
    expect(problems).toEqual([]);
    expect(flows).toEqual([
      expect.objectContaining({
        time: start * 1e6,
        evidence_at: 1,
        source_ip: '10.0.0.1',
        source_port: 40_000,
        destination_ip: '93.184.216.34',
        destination_port: 80,
        network_transport: 'tcp',
        network_community_id: '1:knHg8rotno0xvF8isXGPECK1OS8=',
        conn_state: 'SF',
        history: 'ShADdFf',
        event_duration: 7000,
        source_payload_bytes: 5,
        destination_payload_bytes: 14,
        source_packets: 6,
        destination_packets: 3,
        source_bytes: 245,
        destination_bytes: 134,
        missed_bytes: 0,
        tcp_flags: '1b',
        local_orig: true,
        local_resp: false,
        source_mac: '02:00:00:00:00:01',
        destination_mac: '02:00:00:00:00:02',
      }),
    ]);
  });

  it.each([
    ['S0', 'S', [fromClient({ flags: 'S', seq: 1 })]],
    ['REJ', 'Sr', [fromClient({ flags: 'S', seq: 1 }), fromServer({ flags: 'RA', seq: 0, ack: 2 })]],
    ['RSTOS0', 'SR', [fromClient({ flags: 'S', seq: 1 }), fromClient({ flags: 'R', seq: 2 })]],
    ['S1', 'ShA', handshake],
    ['RSTO', 'ShAR', [...handshake, fromClient({ flags: 'RA', seq: 101, ack: 501 })]],
    ['RSTR', 'ShAr', [...handshake, fromServer({ flags: 'RA', seq: 501, ack: 101 })]],
    ['SH', 'SF', [fromClient({ flags: 'S', seq: 1 }), fromClient({ flags: 'F', seq: 2 })]],
    ['S2', 'ShAF', [...handshake, fromClient({ flags: 'FA', seq: 101, ack: 501 })]],
    ['S3', 'ShAf', [...handshake, fromServer({ flags: 'FA', seq: 501, ack: 101 })]],
    ['OTH', 'DA', [fromClient({ flags: 'PA', seq: 9, data: 'x' }), fromClient({ flags: 'A', seq: 10 })]],
  ])('tells %s', (state, history, packets) => {
    expect(decode(framesOf(packets)).flows).toMatchObject([{ conn_state: state, history }]);
  });

  it('turns a connection round whose first packet comes from a server port', () => {
    const { flows } = decode(framesOf(handshake.slice(1)));
    expect(flows).toMatchObject([{ source_ip: '10.0.0.1', destination_port: 80, history: '^hA' }]);
  });

  it('counts retransmissions, zero windows and bad checksums once, and again at ten', () => {
    const data = fromClient({ flags: 'PA', seq: 101, ack: 501, data: 'hello' });
    const closed = fromServer({ flags: 'A', seq: 501, ack: 106, window: 0 });
    const damaged = Buffer.from(data);
    damaged.writeUInt8(damaged.readUInt8(44) ^ 1, 44);
    const times = (packet: Buffer, count: number): Buffer[] => Array.from({ length: count }, () => packet);
    const { flows } = decode(framesOf([...handshake, data, ...times(data, 10), closed, ...times(damaged, 2)]));
    expect(flows).toMatchObject([{ history: 'ShADTTawC', source_packets: 13 }]);
  });

  it('tells bytes that never came, once the other side has acknowledged them', () => {
    const { flows } = decode(
      framesOf([
        ...handshake,
        fromClient({ flags: 'A', seq: 101, ack: 501, data: 'abc' }),
        fromClient({ flags: 'A', seq: 204, ack: 501, data: 'xyz' }),
        fromServer({ flags: 'A', seq: 501, ack: 207 }),
      ]),
    );
    expect(flows).toMatchObject([{ missed_bytes: 100, history: 'ShADaG' }]);
  });

  it('begins a new flow for a new connection on the same ports', () => {
    const again = [fromClient({ flags: 'S', seq: 9000 }), fromServer({ flags: 'SA', seq: 7, ack: 9001 })];
    const { flows } = decode(framesOf([...handshake, ...goodbye(101, 501), ...again]));
    expect(flows).toMatchObject([{ conn_state: 'SF' }, { history: 'Sh' }]);
    expect(new Set(flows.map((flow) => (flow.kind === 'flow' ? flow.uid : ''))).size).toBe(2);
  });

  it('gives an attempt up after five seconds, and an idle connection after five minutes', () => {
    const attempts = framesOf([fromClient({ flags: 'S', seq: 1 }), fromClient({ flags: 'S', seq: 1 })], 6);
    expect(decode(attempts).flows).toHaveLength(2);
    const [last] = framesOf([fromClient({ flags: 'PA', seq: 101, ack: 501, data: 'x' })]);
    const idle = (seconds: number): CapturedFrame[] => [
      ...framesOf(handshake),
      { at: start + seconds, bytes: last?.bytes ?? Buffer.alloc(0) },
    ];
    expect(decode(idle(290)).flows).toHaveLength(1);
    expect(decode(idle(310)).flows).toHaveLength(2);
  });

  it('counts more than four gigabytes by sequence numbers that wrap', () => {
    const packets = [...handshake];
    let sequence = 501;
    for (let step = 0; step < 6; step++) {
      sequence += 1_000_000_000;
      packets.push(fromClient({ flags: 'A', seq: 101, ack: sequence }));
      packets.push(fromServer({ flags: 'A', seq: sequence, ack: 101, data: 'x' }));
      sequence += 1;
    }
    const { flows } = decode(framesOf(packets));
    expect(flows).toMatchObject([{ destination_payload_bytes: 6_000_000_006, missed_bytes: 6_000_000_000 }]);
  });
});

describe('other flows', () => {
  it('follows datagrams in both directions, and ends them after a minute', () => {
    const question = udp('10.0.0.1:5000', '10.0.0.2:53', 'question');
    const answer = udp('10.0.0.2:53', '10.0.0.1:5000', 'answer');
    const records = framesOf([question, answer]);
    const late = { at: start + 62, bytes: ethernet(question) };
    expect(decode([...records, late]).flows).toMatchObject([
      { conn_state: 'SF', history: 'Dd', source_payload_bytes: 8, destination_payload_bytes: 6 },
      { conn_state: 'S0', history: 'D', source_payload_bytes: null },
    ]);
  });

  it('takes an answer that comes alone as an answer', () => {
    const { flows } = decode(framesOf([udp('10.0.0.2:53', '10.0.0.1:5000', 'answer')]));
    expect(flows).toMatchObject([{ source_port: 5000, destination_port: 53, conn_state: 'SHR', history: '^d' }]);
  });

  it('joins echo request and reply, and keeps errors one-way', () => {
    const { flows } = decode(
      framesOf([
        icmp('10.0.0.1', '10.0.0.2', 8, 0, 'ping'),
        icmp('10.0.0.2', '10.0.0.1', 0, 0, 'ping'),
        icmp('10.0.0.2', '10.0.0.1', 3, 3, 'unreachable'),
      ]),
    );
    expect(flows).toMatchObject([
      { source_port: 8, destination_port: 0, source_packets: 1, destination_packets: 1, conn_state: 'OTH' },
      { source_ip: '10.0.0.2', source_port: 3, destination_port: 3, destination_packets: 0 },
    ]);
  });

  it('puts fragments together that come in any order', () => {
    const datagram = udpDatagram('10.0.0.1:5000', '10.0.0.2:53', 'x'.repeat(100));
    const piece = (offset: number, end: number): Buffer =>
      ipv4('10.0.0.1', '10.0.0.2', datagram.subarray(offset, end), {
        protocol: 17,
        id: 7,
        offset,
        hasMore: end < datagram.length,
      });
    const { flows, problems } = decode(framesOf([piece(64, 108), piece(0, 32), piece(32, 64)]));
    expect(problems).toEqual([]);
    expect(flows).toMatchObject([{ source_packets: 1, source_bytes: 128, destination_port: 53 }]);
    expect(decode(framesOf([piece(0, 32)])).problems).toMatchObject([{ code: 'partly-seen' }]);
  });
});

describe('link layers and tunnels', () => {
  const datagram = udp('10.0.0.1:5000', '10.0.0.2:53', 'x');
  const cooked = Buffer.from('00000001000602000000000100000800', 'hex');
  const cooked2 = Buffer.from('0800000000000001000106060200000000010000'.slice(0, 40), 'hex');

  it.each([
    ['VLAN', ethernet(datagram, '8100 0064 0800'.replaceAll(' ', '')), 1, 100],
    ['QinQ', ethernet(datagram, '88a8 0007 8100 0064 0800'.replaceAll(' ', '')), 1, 7],
    ['MPLS', ethernet(datagram, '8847 00010040 00020140'.replaceAll(' ', '')), 1, null],
    ['PPPoE', ethernet(datagram, '8864 1100 0001 001f 0021'.replaceAll(' ', '')), 1, null],
    ['SNAP', ethernet(datagram, '0025 aaaa03 000000 0800'.replaceAll(' ', '')), 1, null],
    ['VN-Tag', ethernet(datagram, '8926 00010002 0800'.replaceAll(' ', '')), 1, null],
    ['E-Tag', ethernet(datagram, '893f 000000010002 8100 0064 0800'.replaceAll(' ', '')), 1, 100],
    [
      'MACsec that does not encrypt',
      ethernet(datagram, '88e5 2000 00000001 0200000000010001 0800'.replaceAll(' ', '')),
      1,
      null,
    ],
    ['FabricPath', ethernet(ethernet(datagram), '89030001'), 1, null],
    ['Linux cooked', Buffer.concat([cooked, datagram]), 113, null],
    ['Linux cooked 2', Buffer.concat([cooked2, datagram]), 276, null],
    ['BSD loopback', Buffer.concat([Buffer.from([2, 0, 0, 0]), datagram]), 0, null],
    ['raw IP', datagram, 101, null],
    ['PPP', Buffer.concat([Buffer.from([0xff, 3, 0, 0x21]), datagram]), 9, null],
  ])('reads %s', (_name, bytes, linkType, vlan) => {
    const { flows, problems } = decode([{ at: start, bytes }], [], { linkType });
    expect(problems).toEqual([]);
    expect(flows).toMatchObject([{ destination_ip: '10.0.0.2', destination_port: 53, network_vlan_id: vlan }]);
  });

  it('reads 802.11 data behind radiotap, and passes over what is encrypted', () => {
    const frame = (flags: number): Buffer =>
      Buffer.concat([
        Buffer.from('0000080000000000', 'hex'),
        Buffer.from([0x08, flags, 0, 0]),
        Buffer.alloc(20, 2),
        Buffer.from('aaaa030000000800', 'hex'),
        datagram,
      ]);
    expect(decode([{ at: start, bytes: frame(1) }], [], { linkType: 127 }).flows).toHaveLength(1);
    expect(decode([{ at: start, bytes: frame(0x41) }], [], { linkType: 127 })).toMatchObject({
      flows: [],
      problems: [],
    });
  });

  it('tells a link layer that it does not read', () => {
    const { problems } = decode([{ at: start, bytes: datagram }], [], { linkType: 999 });
    expect(problems).toMatchObject([{ code: 'unsupported', at: { line: 1 } }]);
  });

  it('follows the flow inside GRE, IP in IP and VXLAN, and names the tunnel', () => {
    const gre = ipv4('192.0.2.1', '192.0.2.2', Buffer.concat([Buffer.from('00000800', 'hex'), datagram]), {
      protocol: 47,
    });
    const ipip = ipv4('192.0.2.1', '192.0.2.2', datagram, { protocol: 4 });
    // The link addresses are those of the frame.
    expect(decode(framesOf([gre])).flows).toMatchObject([
      { destination_port: 53, tunnel_parents: [expect.any(String)], source_mac: expect.stringMatching(/^02:/) },
    ]);
    expect(decode(framesOf([ipip])).flows).toMatchObject([
      { destination_port: 53, tunnel_parents: [expect.any(String)] },
    ]);
    const inner = Buffer.concat([Buffer.from('0800000000002a00', 'hex'), ethernet(datagram)]);
    const { flows } = decode(framesOf([udp('192.0.2.1:50000', '192.0.2.2:4789', inner)]));
    const [outer, carried] = flows;
    expect(outer).toMatchObject({ destination_port: 4789, network_protocol: 'vxlan' });
    expect(carried).toMatchObject({ destination_port: 53, tunnel_parents: [outer?.kind === 'flow' && outer.uid] });
  });

  it('follows IPv4 in AYIYA', () => {
    const ayiya = Buffer.concat([Buffer.from('42520104', 'hex'), Buffer.alloc(4 + 16 + 20), datagram]);
    const flows = decode(framesOf([udp('192.0.2.1:50000', '192.0.2.2:5072', ayiya)])).flows;
    expect(flows).toMatchObject([
      { destination_port: 5072, network_protocol: 'ayiya' },
      { destination_port: 53, tunnel_parents: [expect.any(String)] },
    ]);
  });

  it('stops in tunnels without end', () => {
    let packet = datagram;
    for (let depth = 0; depth < 20; depth++) packet = ipv4('192.0.2.1', '192.0.2.2', packet, { protocol: 4 });
    expect(decode(framesOf([packet]))).toMatchObject({ flows: [], problems: [{ code: 'limit-reached' }] });
  });
});

describe('application protocols', () => {
  /** Records what it is fed: `>` and `<` before the bytes of each side. */
  function recorder(log: string[], options: { ports?: number[]; word?: string; emit?: boolean }): ProtocolAnalyzer {
    return defineAnalyzer({
      id: options.word ?? 'port',
      title: 'Recorder',
      description: 'Records what it is fed.',
      references: [],
      emits: [],
      service: options.word ?? 'port',
      transports: ['tcp'],
      ports: options.ports ?? [],
      ...(options.word === undefined
        ? {}
        : { recognize: ({ orig }: FirstBytes) => recognized(orig, options.word ?? '') }),
      start: () => ({
        attach: (context: AnalyzerContext) => ({
          data(isOrig: boolean, bytes: Uint8Array): void {
            log.push((isOrig ? '>' : '<') + Buffer.from(bytes).toString());
            if (options.word !== undefined) context.confirm();
            else if (Buffer.from(bytes).includes('wrong')) context.violation('not mine');
          },
          gap: (isOrig, length) => void log.push(`${isOrig ? '>' : '<'}gap ${length}`),
          endOfStream: (isOrig) => void log.push(isOrig ? '>end' : '<end'),
          close: () => void log.push('close'),
        }),
      }),
    });
  }

  function recognized(orig: Uint8Array, word: string): 'match' | 'more' | 'no' {
    const text = Buffer.from(orig).toString();
    if (text.startsWith(word)) return 'match';
    return word.startsWith(text) ? 'more' : 'no';
  }

  const say = (seq: number, data: string): Buffer => fromClient({ flags: 'PA', seq, ack: 501, data });

  it('are fed in order: reordered, overlapping and repeated segments', () => {
    const log: string[] = [];
    const packets = [
      ...handshake,
      say(101, 'abc'),
      say(107, 'ghi'),
      say(101, 'xyz'),
      say(103, 'cdef'),
      ...goodbye(110, 501),
    ];
    decode(framesOf(packets), [recorder(log, { ports: [80] })]);
    expect(log).toEqual(['>abc', '>def', '>ghi', '>end', '<end', 'close']);
  });

  it('are told of gaps, and of what the snapshot length cut', () => {
    const log: string[] = [];
    const acknowledged = fromServer({ flags: 'A', seq: 501, ack: 120 });
    const frames = framesOf([
      ...handshake,
      say(101, 'abc'),
      say(110, 'after hole'),
      acknowledged,
      say(120, 'cut here'),
    ]);
    const records = frames.map((frame, index) =>
      index < 6 ? frame : { ...frame, bytes: frame.bytes.subarray(0, -5), wireBytes: frame.bytes.length },
    );
    decode(records, [recorder(log, { ports: [80] })]);
    expect(log).toEqual(['>abc', '>gap 6', '>after hole', '>cut', '>gap 5', 'close']);
  });

  it('are found by content at any port, from the first byte on', () => {
    const log: string[] = [];
    const { flows } = decode(framesOf([...handshake, say(101, 'HE'), say(103, 'LO you')]), [
      recorder(log, { word: 'HELO' }),
    ]);
    expect(log).toEqual(['>HE', '>LO you', 'close']);
    expect(flows).toMatchObject([{ network_protocol: 'HELO' }]);
  });

  it('get nothing more after they reported a violation', () => {
    const log: string[] = [];
    const { flows } = decode(framesOf([...handshake, say(101, 'wrong'), say(106, 'more')]), [
      recorder(log, { ports: [80] }),
    ]);
    expect(log).toEqual(['>wrong']);
    expect(flows).toMatchObject([{ network_protocol: null, source_payload_bytes: 9 }]);
  });

  it('cost nobody else anything when they throw', () => {
    const broken: ProtocolAnalyzer = {
      ...recorder([], { ports: [80] }),
      start: () => ({
        attach: () => ({
          data(): void {
            throw new Error('a bug');
          },
        }),
      }),
    };
    const { flows, problems } = decode(framesOf([...handshake, say(101, 'x')]), [broken]);
    expect(flows).toHaveLength(1);
    expect(problems).toMatchObject([{ code: 'detector-failed', at: { line: 4 } }]);
  });
});
