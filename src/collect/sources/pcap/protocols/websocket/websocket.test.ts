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
