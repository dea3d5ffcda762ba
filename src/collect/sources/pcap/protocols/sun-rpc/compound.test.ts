import { expect, it } from 'vitest';
import { Cursor } from '../../wire/cursor.ts';
import { operationsOf } from './compound.ts';

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

it('a call of long names tells no more than a path of each operation', () => {
  const lookup = 15;
  const name = Buffer.alloc(64 * 1024, 'a');
  const looked = Array.from({ length: 128 }, () => [u32(lookup), u32(name.length), name]).flat();
  const call = Buffer.concat([u32(0), u32(0), u32(128), ...looked]);
  const told = operationsOf(new Cursor(call));
  expect(told).toHaveLength(128);
  expect(told.every(({ facts }) => String(facts['name']).length <= 4096)).toBe(true);
});
