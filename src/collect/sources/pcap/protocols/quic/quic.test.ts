import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { runConnection, type Outcome, type Step } from '../../../../../../tests/support/pcap-connection.ts';
import { Cursor } from '../../wire/cursor.ts';
import { CryptoStream } from './crypto-stream.ts';
import { analyzer } from './index.ts';
import { initialKeys, openInitial, protectionOf, quicVersionName, type InitialKeys } from './keys.ts';
import { readLongPacket, readVarint } from './packet.ts';

const connectionId = Buffer.from('8394c8f03e515708', 'hex');
const protection = protectionOf(1);
const keys = protection === undefined ? undefined : initialKeys(protection, connectionId);

test('derives the keys of RFC 9001, appendix A.1', () => {
  expect(keys?.client.key.toString('hex')).toBe('1f369613dd76d5467730efcbe3b1a22d');
  expect(keys?.client.iv.toString('hex')).toBe('fa044b2f42a3fd3b46fb255c');
  expect(keys?.client.headerKey.toString('hex')).toBe('9f50449e04a0e810283a1e9933adedd2');
  expect(keys?.server.key.toString('hex')).toBe('cf3a5331653c364c88f0f379b6067e37');
});

const word = (value: number): number[] => [value >> 8, value & 255];
const vector = (bytes: readonly number[]): number[] => [...word(bytes.length), ...bytes];

function clientHello(name: string): Buffer {
  const host = vector([0, ...vector([...Buffer.from(name)])]);
  const alpn = vector([2, 104, 51]);
  const extensions = [...word(0), ...vector(host), ...word(16), ...vector(alpn), ...word(43), ...vector([2, 3, 4])];
  const body = [3, 3, ...Array<number>(32).fill(7), 0, ...vector([0x13, 1]), 1, 0, ...vector(extensions)];
  return Buffer.from([1, 0, ...word(body.length), ...body]);
}

/** An Initial packet that holds `content`, protected with the keys of one side. */
function initial(
  content: Uint8Array,
  side: InitialKeys | undefined,
  ids: readonly [Buffer, Buffer],
  type = 0xc0,
): Buffer {
  if (side === undefined) return Buffer.alloc(0);
  const padded = Buffer.concat([content, Buffer.alloc(Math.max(0, 1162 - content.length))]);
  const length = padded.length + 16 + 1;
  const head = Buffer.from([
    type,
    0,
    0,
    0,
    1,
    ids[0].length,
    ...ids[0],
    ids[1].length,
    ...ids[1],
    0,
    0x40 | (length >> 8),
    length & 255,
    2,
  ]);
  const nonce = Buffer.from(side.iv);
  nonce[11] = (nonce[11] ?? 0) ^ 2;
  const cipher = createCipheriv('aes-128-gcm', side.key, nonce).setAAD(head);
  const sealed = Buffer.concat([cipher.update(padded), cipher.final(), cipher.getAuthTag()]);
  const mask = createCipheriv('aes-128-ecb', side.headerKey, null).update(sealed.subarray(3, 19));
  head[0] = type ^ ((mask[0] ?? 0) & 15);
  head[head.length - 1] = 2 ^ (mask[1] ?? 0);
  return Buffer.concat([head, sealed]);
}

const crypto = (offset: number, data: Uint8Array): Buffer =>
  Buffer.concat([
    Buffer.from([6, 0x40 | (offset >> 8), offset & 255, 0x40 | (data.length >> 8), data.length & 255]),
    data,
  ]);

const ids = [connectionId, Buffer.from('aa', 'hex')] as const;
const run = (...steps: readonly Step[]): Outcome =>
  runConnection(analyzer, steps, { transport: 'udp', destinationPort: 443 });
const client = (bytes: Uint8Array): Step => ({ from: 'client', bytes });

describe('the hello of a client', () => {
  const hello = clientHello('Quic.test');

  test('is opened, whatever the order of its pieces', () => {
    const content = Buffer.concat([crypto(40, hello.subarray(40)), Buffer.from([1]), crypto(0, hello.subarray(0, 40))]);
    const { events, services } = run(client(initial(content, keys?.client, ids)));
    expect(services).toEqual(['default']);
    expect(events.find(({ kind }) => kind === 'quic')).toMatchObject({
      quic_version: '1',
      quic_client_connection_id: '8394c8f03e515708',
      tls_client_server_name: 'quic.test',
      tls_next_protocol: 'h3',
      tls_client_ja4: expect.stringMatching(/^q13d0103h3_/),
      history: 'IS',
    });
    expect(events.find(({ kind }) => kind === 'tls')).toMatchObject({ tls_history: 'C', tls_established: false });
  });

  test('may come in several packets', () => {
    const first = initial(crypto(0, hello.subarray(0, 50)), keys?.client, ids);
    const second = initial(crypto(50, hello.subarray(50)), keys?.client, ids);
    expect(run(client(first), client(second)).events.find(({ kind }) => kind === 'quic')).toMatchObject({
      history: 'IIS',
    });
  });
});

test('tells short packets by powers of two, and the end', () => {
  const hello = initial(crypto(0, clientHello('a.test')), keys?.client, ids);
  const short = Array.from({ length: 9 }, () => client(Uint8Array.from([0x40, 1, 2])));
  const close = initial(Buffer.from([0x1c, 0, 0, 0]), keys?.client, ids);
  const { events } = run(client(hello), ...short, client(close));
  expect(events.find(({ kind }) => kind === 'quic')).toMatchObject({ history: 'ISOOOOIC' });
});

test('a packet that cannot be opened is a violation', () => {
  const packet = initial(crypto(0, clientHello('a.test')), keys?.client, ids);
  packet[100] = (packet[100] ?? 0) ^ 1;
  expect(run(client(packet)).violations).toEqual(['an Initial packet cannot be opened']);
  expect(keys === undefined ? undefined : openInitial(packet.subarray(0, 30), 20, keys.client)).toBeUndefined();
});

test('an unknown version is told', () => {
  const bytes = Uint8Array.from([
    0xc0,
    9,
    9,
    9,
    9,
    8,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    0,
    0,
    0x41,
    0,
    ...Array<number>(256).fill(0),
  ]);
  expect(run(client(bytes)).events[0]).toMatchObject({ quic_version: 'unknown-9090909', history: 'U' });
  expect([quicVersionName(1), quicVersionName(0x6b3343cf), quicVersionName(0xff00001d)]).toEqual([
    '1',
    'quicv2',
    'draft-29',
  ]);
});

test('numbers have one to eight bytes', () => {
  const read = (hex: string): number => readVarint(new Cursor(Buffer.from(hex, 'hex')));
  expect([read('25'), read('7bbd'), read('9d7f3e7d'), read('c0000000ffffffff')]).toEqual([
    37,
    15_293,
    494_878_333,
    2 ** 32 - 1,
  ]);
});

test('holds no more than a hello, and ends on any bytes', () => {
  const stream = new CryptoStream();
  stream.addFrames(Uint8Array.from([6, 0x80, 0xff, 0xff, 0xff, 1, 9]));
  expect(stream.contiguous).toHaveLength(0);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      new CryptoStream().addFrames(bytes);
      const packet = readLongPacket(bytes);
      expect(packet === undefined || packet.length <= bytes.length).toBe(true);
    }),
    { numRuns: 500 },
  );
});
