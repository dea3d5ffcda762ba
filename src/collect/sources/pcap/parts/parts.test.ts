import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ethernet,
  icmp,
  ipv4,
  pcap,
  tcp,
  udp,
  udpDatagram,
  type CapturedFrame,
} from '../../../../../tests/support/packets.ts';
import type { PacketIndexSink } from '../../../packet-index.ts';
import { readAlone, readInParts, type Portion } from '../reading.ts';

const testdata = (name: string): Buffer => readFileSync(new URL(`../testdata/${name}`, import.meta.url));
const vxlan = (inner: Buffer): Buffer => Buffer.concat([Buffer.from([8, 0, 0, 0, 0, 0, 7, 0]), ethernet(inner)]);
const gre = (inner: Buffer): Buffer => Buffer.concat([Buffer.from([0, 0, 8, 0]), inner]);
const question = (id: number): Buffer =>
  Buffer.concat([Buffer.from([0, id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 4]), Buffer.from('host\0\0\x01\0\x01', 'latin1')]);

/** A connection in which client and server say something in turn. */
function exchange(client: string, server: string, ...turns: readonly string[]): Buffer[] {
  const ends = [
    { from: client, to: server },
    { from: server, to: client },
  ] as const;
  const next: [number, number] = [2, 2];
  const packets = [tcp({ ...ends[0], flags: 'S', seq: 1 }), tcp({ ...ends[1], flags: 'SA', seq: 1, ack: 2 })];
  for (const [turn, data] of turns.entries()) {
    const [side, other] = turn % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    packets.push(tcp({ ...ends[side], flags: 'PA', seq: next[side], ack: next[other], data }));
    next[side] += data.length;
  }
  packets.push(tcp({ ...ends[0], flags: 'FA', seq: next[0], ack: next[1] }));
  packets.push(tcp({ ...ends[1], flags: 'FA', seq: next[1], ack: next[0] + 1 }));
  return packets;
}

/** Many flows of several kinds: plain, in tunnels, in fragments, announced by others. */
function manyFlows(hasTunnels: boolean): Buffer {
  const packets: Buffer[] = [];
  for (let host = 1; host < 40; host++) {
    const client = `10.0.0.${host}`;
    packets.push(udp(`${client}:5${host}`, '10.0.1.1:53', question(host)), icmp(client, '10.0.1.2', 8, 0, 'ping'));
    packets.push(...exchange(`${client}:4${host}`, '10.0.1.3:80', 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n'));
    if (!hasTunnels) continue;
    const inner = udp(`192.168.0.${host}:6000`, '192.168.1.1:53', question(host));
    packets.push(udp(`10.9.0.${host % 3}:7000`, '10.9.1.1:4789', vxlan(inner)));
    packets.push(
      ipv4(`10.8.0.${host % 3}`, '10.8.1.1', gre(udp(`172.16.0.${host}:1`, '172.16.1.1:53', question(1))), {
        protocol: 47,
      }),
    );
  }
  const datagram = udpDatagram('10.0.0.1:9000', '10.0.1.4:9001', Buffer.alloc(2000, 'x'));
  for (const [offset, hasMore] of [
    [0, true],
    [1480, false],
  ] as const) {
    const part = datagram.subarray(offset, offset + 1480);
    packets.push(ipv4('10.0.0.1', '10.0.1.4', part, { protocol: 17, id: 7, offset, hasMore }));
  }
  // The data connection goes to a third machine.
  const passive = ['', '220 ready\r\n', 'PASV\r\n', '227 Entering Passive Mode (10,0,1,6,200,1)\r\n'];
  packets.push(...exchange('10.0.0.1:41000', '10.0.1.5:21', ...passive));
  packets.push(...exchange('10.0.0.1:41001', '10.0.1.6:51201', '', 'plain content of a file'));
  // One file in ranges over several connections.
  for (let part = 0; part < 8; part++) {
    const head = `HTTP/1.1 206 Part\r\nContent-Range: bytes ${part * 4}-${part * 4 + 3}/32\r\nContent-Length: 4\r\n\r\n`;
    const request = 'GET /whole HTTP/1.1\r\nHost: a.test\r\n\r\n';
    packets.push(...exchange(`10.0.0.1:4200${part}`, '10.0.1.3:80', request, `${head}abcd`));
  }
  return pcap(
    packets.map((packet, index): CapturedFrame => ({ at: 1_700_000_000 + index / 1000, bytes: ethernet(packet) })),
  );
}

class Index implements PacketIndexSink {
  readonly packets: (readonly [connection: number, byte: number])[] = [];
  readonly states: string[] = [];
  /** A fragment may be told by several parts. */
  readonly fragments = new Set<string>();
  isGivenUp = false;

  begin(): void {
    this.packets.length = 0;
  }

  packet(connection: number, byte: number, state: () => string): void {
    if (this.packets.length % 256 === 0) this.states.push(state());
    this.packets.push([connection, byte]);
  }

  belong(packets: readonly number[], connection: number): void {
    for (const packet of packets) this.fragments.add(`${packet} of ${connection}`);
  }

  giveUp(): void {
    this.isGivenUp = true;
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 5000) yield bytes.subarray(at, at + 5000);
}

async function outcome(
  portions: AsyncIterable<Portion>,
): Promise<{ events: string[]; problems: unknown[]; end: unknown }> {
  const events: string[] = [];
  const problems: unknown[] = [];
  let end: unknown;
  for await (const portion of portions) {
    events.push(...portion.events.map((event) => JSON.stringify(event)));
    problems.push(...portion.problems);
    end = portion.end;
  }
  return { events: events.sort(), problems, end };
}

test.each([
  { name: 'one with secrets inside that is cut off', bytes: testdata('decrypted.pcapng').subarray(0, -7), parts: 2 },
  { name: 'many flows', bytes: manyFlows(false), parts: 3 },
  { name: 'tunnels', bytes: manyFlows(true), parts: 2 },
])('$name: parts give what one thread gives', async ({ bytes, parts }) => {
  const [index, joined] = [new Index(), new Index()];
  const alone = await outcome(readAlone(pieces(bytes), { index }));
  const shared = await outcome(readInParts(pieces(bytes), parts, { index: joined }));
  expect(alone.events.length).toBeGreaterThan(2);
  expect(shared).toEqual(alone);
  expect(joined).toEqual(index);
});

test('a connection to a third machine that another announced is known for what it is', async () => {
  const { events } = await outcome(readInParts(pieces(manyFlows(false)), 2, {}));
  expect(events.filter((text) => text.includes('"network_protocol":"ftp-data"'))).toHaveLength(1);
});

test('a file in ranges is one, whichever part reads its connections', async () => {
  const { events } = await outcome(readInParts(pieces(manyFlows(false)), 3, {}));
  const uids = events.flatMap(
    (text) => /"file_uid":"(?<uid>F[^"]+)".*"url_original":"\/whole"/.exec(text)?.groups?.['uid'] ?? [],
  );
  expect(uids).toHaveLength(8);
  expect(new Set(uids).size).toBe(1);
});

test('nothing comes of nothing', async () => {
  expect(await outcome(readInParts(pieces(new Uint8Array(0)), 2, {}))).toEqual({
    events: [],
    problems: [],
    end: undefined,
  });
});
