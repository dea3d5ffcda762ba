import { describe, expect, it } from 'vitest';
import { placeOf, readBuildFile } from './build-file.ts';

const text = [
  'FROM debian:12',
  'RUN <<EOF',
  'set -e',
  'export DB_PASSWORD=first-one',
  'EOF',
  'RUN true && \\',
  '  # a remark',
  '  TOKEN=second-one ./deploy',
  'COPY <<KEY /key',
  '-----BEGIN-----',
  'third',
  '-----END-----',
  'KEY',
].join('\n');

describe('a value of an instruction', () => {
  const instructions = readBuildFile(text, 'Dockerfile')?.stages[0]?.instructions ?? [];
  it.each([
    [0, 'first-one', 4],
    [1, 'second-one', 8],
    [2, '-----BEGIN-----\nthird', 10],
    [0, 'nowhere', 2],
    [0, '', 2],
  ])('of instruction %d, %j, stands on line %d', (index, value, line) => {
    const instruction = instructions[index];
    const place = instruction === undefined ? undefined : placeOf(instruction, value);
    expect(place).toEqual({ path: 'Dockerfile', line });
  });
});
