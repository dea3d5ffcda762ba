import { expect, test } from 'vitest';
import { SharedPieces } from './shared-pieces.ts';

test('chunks of any size become pieces of one size, and only the last is shorter', () => {
  const pieces = new SharedPieces(4);
  const given = [[1], [], [2, 3], [4, 5, 6, 7, 8, 9, 10]].map((bytes) => Uint8Array.from(bytes));
  const full = given.flatMap((chunk) =>
    [...pieces.fill(chunk)].map(({ memory, length }) => [...memory.subarray(0, length)]),
  );
  expect(full).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7, 8],
  ]);
  expect([...pieces.rest()].map(({ memory, length }) => [...memory.subarray(0, length)])).toEqual([[9, 10]]);
  expect([...pieces.rest()]).toEqual([]);
});

test('memory that was given back is used again', () => {
  const pieces = new SharedPieces(2);
  const [first] = pieces.fill(Uint8Array.of(1, 2));
  const [second] = pieces.fill(Uint8Array.of(3, 4));
  if (first === undefined || second === undefined) throw new Error('two pieces are full');
  pieces.release(first);
  const [third] = pieces.fill(Uint8Array.of(5, 6));
  expect(third?.memory.buffer).toBe(first.memory.buffer);
  expect([...second.memory]).toEqual([3, 4]);
});
