import { createCipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import { cutSteps, inTurn, runConnection } from '../../../../../../tests/support/pcap-connection.ts';
import { analyzer } from './index.ts';

function frame(content: string, opcode = 1, mask?: readonly number[], reserved = 0): Buffer {
  const bytes = Buffer.from(content, 'latin1');
  const head = [0x80 | reserved | opcode];
  const flag = mask === undefined ? 0 : 0x80;
  if (bytes.length < 126) head.push(flag | bytes.length);
  else head.push(flag | 126, bytes.length >> 8, bytes.length & 255);
  if (mask === undefined) return Buffer.concat([Buffer.from(head), bytes]);
  return Buffer.concat([Buffer.from([...head, ...mask]), bytes.map((byte, at) => byte ^ (mask[at % 4] ?? 0))]);
}

const mask = [1, 2, 3, 4];
const long = 'x'.repeat(300);

test.each([1, 5, 1000])(
  'hands on what messages say, without masks and without control frames (pieces of %i bytes)',
  (size) => {
    const steps = inTurn(Buffer.concat([frame('SSH-2.0-a\r\n', 2, mask), frame('ping', 9, mask)]), frame(long, 2));
    const { inner, services } = runConnection(analyzer, cutSteps(steps, size));
    expect(services).toEqual(['default']);
    const said = (side: string): string =>
      (inner[0]?.fed ?? [])
        .filter((text) => text.startsWith(side))
        .map((text) => text.slice(side.length))
        .join('');
    expect(said('client: ')).toBe('SSH-2.0-a\r\n');
    expect(said('server: ')).toBe(long);
  },
);

test('opens no compressed message', () => {
  const { inner, violations } = runConnection(analyzer, inTurn(frame('abc', 1, mask, 0x40), frame('def')));
  expect(inner[0]?.fed).toEqual([]);
  expect(violations).toEqual([]);
});

test('bytes that are no frames are a violation', () => {
  expect(runConnection(analyzer, inTurn('GET / HTTP/1.1\r\n')).violations).toEqual(['no WebSocket frame']);
});

/** Bytes that are as even as encryption, always the same. */
function evenBytes(length: number, key: string): string {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, key), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length)).toString('latin1');
}

const contentOf = (client: string | Buffer, server: string | Buffer): unknown => {
  const { events } = runConnection(analyzer, inTurn(client, server));
  return events
    .filter(({ log_name }) => log_name === 'websocket_content')
    .map(({ fields }) => JSON.parse(String(fields)));
};

test('tells at the end what the messages of each side are made of', () => {
  const client = Buffer.concat([0, 1, 2].map((part) => frame(evenBytes(1000, String(part)), 2, mask)));
  expect(contentOf(client, frame('{"a":1}'.repeat(500)))).toEqual([
    {
      orig: { text_messages: 0, binary_messages: 3, bytes: 3000, entropy: expect.closeTo(7.94, 1), is_even: true },
      resp: { text_messages: 1, binary_messages: 0, bytes: 3500, is_even: false },
      is_compressed: false,
    },
  ]);
});

test('calls neither little, nor text, nor a picture even', () => {
  const jpeg = `\xff\xd8\xff\xe0${'\x00'.repeat(200)}${evenBytes(8000, 'j')}`;
  expect(contentOf(frame(evenBytes(1000, 'k'), 2, mask), frame(jpeg, 2))).toMatchObject([
    { orig: { is_even: false }, resp: { binary_messages: 1, is_even: false } },
  ]);
  expect(contentOf('', frame('ping', 9))).toEqual([]);
});
