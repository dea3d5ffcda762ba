import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HandshakeStream, RecordStream } from './record-stream.ts';

const message = (type: number, length: number): Buffer =>
  Buffer.concat([Buffer.from([type, length >> 16, (length >> 8) & 255, length & 255]), Buffer.alloc(length, type)]);

test('messages are read however the records are cut; too long ones are told by their type', () => {
  const bytes = Buffer.concat([message(1, 300), message(2, 0), message(11, 70_000), message(14, 5)]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16_384 }), (size) => {
      const seen: (readonly [number, number])[] = [];
      const stream = new HandshakeStream((type, body) => seen.push([type, body.length]));
      for (let at = 0; at < bytes.length; at += size) stream.data(bytes.subarray(at, at + size));
      expect(seen).toEqual([
        [1, 300],
        [2, 0],
        [11, 0],
        [14, 5],
      ]);
    }),
    { numRuns: 40 },
  );
});

test('messages that come byte by byte are read whole, one after another', () => {
  const bytes = message(11, 65_000);
  let seen = 0;
  const stream = new HandshakeStream((_type, body) => (seen += body.length));
  for (let at = 0; at < 3 * bytes.length; at++) {
    const place = at % bytes.length;
    stream.data(bytes.subarray(place, place + 1));
  }
  expect(seen).toBe(195_000);
});

test('records are read however the stream is cut, and other bytes are refused', () => {
  const record = Buffer.concat([Buffer.from([22, 3, 1, 1, 0]), Buffer.alloc(256, 9)]);
  const bytes = Buffer.concat([record, Buffer.from([20, 3, 3, 0, 1, 1]), record]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 600 }), (size) => {
      const seen: (readonly [number, number])[] = [];
      const stream = new RecordStream((type, payload) => seen.push([type, payload.length]));
      for (let at = 0; at < bytes.length; at += size) expect(stream.data(bytes.subarray(at, at + size))).toBe(true);
      expect(seen).toEqual([
        [22, 256],
        [20, 1],
        [22, 256],
      ]);
    }),
  );
  expect(new RecordStream(() => {}).data(Buffer.from('GET / HTTP'))).toBe(false);
});
