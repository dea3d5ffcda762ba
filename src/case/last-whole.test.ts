import { describe, expect, it } from 'vitest';
import { VakthundError } from '../base/errors.ts';
import { LastWhole } from './last-whole.ts';

describe('what a file said when it was whole last', () => {
  const broken = (): number => {
    throw new VakthundError('CONFIG', 'a.yaml: no list');
  };

  it('holds while the file has a fault, which is told each time', () => {
    const kept = new LastWhole<number>();
    const told: string[] = [];
    const read = (load: () => number): number => kept.read(load, ({ message }) => told.push(message));
    expect(() => read(broken)).toThrow('no list');
    expect([read(() => 1), read(broken), read(broken), read(() => 2), read(broken)]).toEqual([1, 1, 1, 2, 2]);
    expect(told).toEqual(Array.from({ length: 3 }, () => expect.stringMatching(/^a\.yaml: no list; what stood there/)));
  });

  it('does not cover up what is no fault of a file', () => {
    const kept = new LastWhole<number>();
    kept.read(
      () => 1,
      () => undefined,
    );
    const bug = (): number => {
      throw new TypeError('bug');
    };
    expect(() => kept.read(bug, () => undefined)).toThrow('bug');
  });
});
