import { expect, test } from 'vitest';
import { TnefReader } from './tnef.ts';

function attribute(level: number, id: number, content: Uint8Array): Buffer {
  const head = Buffer.alloc(9);
  head.writeUInt8(level, 0);
  head.writeUInt32LE(id, 1);
  head.writeUInt32LE(content.length, 5);
  return Buffer.concat([head, content, Buffer.from([0, 0])]);
}

const message = Buffer.concat([
  Buffer.from('789f3e220100', 'hex'),
  attribute(1, 0x0008_9006, Buffer.from([0, 0, 1, 0])),
  attribute(2, 0x0006_9002, Buffer.alloc(14)),
  attribute(2, 0x0001_8010, Buffer.from('invoice.exe\0')),
  attribute(2, 0x0006_800f, Buffer.from('MZ and the rest')),
  attribute(2, 0x0006_9005, Buffer.from('properties')),
  attribute(2, 0x0006_9002, Buffer.alloc(14)),
  attribute(2, 0x0006_800f, Buffer.from('without a name')),
]);

function read(content: Uint8Array, size: number): [string | undefined, string, boolean][] {
  const found: [string | undefined, string, boolean][] = [];
  const reader = new TnefReader((name) => {
    const one: (typeof found)[number] = [name, '', false];
    found.push(one);
    return { data: (bytes) => void (one[1] += Buffer.from(bytes).toString()), end: () => void (one[2] = true) };
  });
  for (let at = 0; at < content.length; at += size) reader.data(content.subarray(at, at + size));
  reader.end();
  return found;
}

test.each([1, 5, 57, 4096])('hands on attachments with their names, in pieces of %d bytes', (size) => {
  expect(read(message, size)).toEqual([
    ['invoice.exe', 'MZ and the rest', true],
    [undefined, 'without a name', true],
  ]);
});

test('ends with what there is of one that is cut, and passes over everything else', () => {
  expect(read(message.subarray(0, 90), 7)).toEqual([['invoice.exe', expect.stringMatching(/^MZ/), true]]);
  expect(read(Buffer.from('a plain text that goes on'), 3)).toEqual([]);
  expect(read(Buffer.concat([message.subarray(0, 6), Buffer.alloc(40, 255)]), 9)).toEqual([]);
});

test('opens no more than a hundred attachments', () => {
  const many = Array.from({ length: 300 }, () => attribute(2, 0x0006_800f, Buffer.from('x')));
  expect(read(Buffer.concat([message.subarray(0, 6), ...many]), 1000)).toHaveLength(100);
});
