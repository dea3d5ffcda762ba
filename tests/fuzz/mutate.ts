import type { Random } from './random.ts';

/** Inputs stay below this, so that a run is short and every bound of a decoder that matters is still within reach. */
export const maxInputBytes = 512 * 1024;

type Mutation = (input: Buffer, random: Random, others: readonly Buffer[]) => Buffer;

/** One to four mutations of a seed, one after another. */
export function mutate(seed: Uint8Array, random: Random, others: readonly Buffer[]): Buffer {
  let input: Buffer = Buffer.from(seed);
  for (let left = 1 + random.below(4); left > 0; left--) {
    input = random.pick(mutations)(input, random, others).subarray(0, maxInputBytes);
  }
  return input;
}

const mutations: readonly [Mutation, ...Mutation[]] = [
  flipBits,
  truncate,
  splice,
  repeatBlock,
  hugeNumber,
  extremeInteger,
  insertToken,
  longLine,
  deepNesting,
  dropLine,
  repeatLine,
  joinLines,
  swapBytes,
];

function flipBits(input: Buffer, random: Random): Buffer {
  if (input.length === 0) return input;
  for (let left = 1 + random.below(8); left > 0; left--) {
    const at = random.below(input.length);
    input.writeUInt8(input.readUInt8(at) ^ (1 << random.below(8)), at);
  }
  return input;
}

function truncate(input: Buffer, random: Random): Buffer {
  return input.subarray(0, random.below(input.length + 1));
}

/** The beginning of one seed with the end of another. */
function splice(input: Buffer, random: Random, others: readonly Buffer[]): Buffer {
  const other = others[random.below(others.length)] ?? input;
  return Buffer.concat([truncate(input, random), other.subarray(random.below(other.length + 1))]);
}

function repeatBlock(input: Buffer, random: Random): Buffer {
  const [start, end] = slice(input, random, 4096);
  const times = 2 + random.below(50);
  return Buffer.concat([
    input.subarray(0, end),
    ...Array.from({ length: times }, () => input.subarray(start, end)),
    input.subarray(end),
  ]);
}

const numbers = [
  '0',
  '-1',
  '1e308',
  '-1e309',
  '1e-320',
  '99999999999999999999',
  '9007199254740993',
  '4294967296',
  'NaN',
] as const;

/** A run of digits somewhere becomes a number that few expect. */
function hugeNumber(input: Buffer, random: Random): Buffer {
  const text = input.toString('latin1');
  const digits = [...text.matchAll(/\d+/g)];
  const chosen = digits[random.below(digits.length)];
  if (chosen === undefined) return input;
  const end = chosen.index + chosen[0].length;
  return replace(input, chosen.index, end, random.pick(numbers));
}

/** Two, four or eight bytes become all ones, the largest signed number, or zero: lengths and counts of binary formats. */
function extremeInteger(input: Buffer, random: Random): Buffer {
  const width = random.pick([2, 4, 8]);
  if (input.length < width) return input;
  const at = random.below(input.length - width + 1);
  input.fill(random.pick([0xff, 0x00, 0x7f]), at, at + width);
  return input;
}

/** Bytes that are no UTF-8 (a lone continuation, an overlong form, a surrogate, a cut sequence), marks, quotes and escapes. */
const tokens = [
  '\u0000',
  '\u0000\u0000\u0000\u0000',
  '\u0080',
  '\u00c0\u0080',
  '\u00ed\u00a0\u0080',
  '\u00f0\u009f',
  '\u00ff\u00fe',
  '\u00ef\u00bb\u00bf',
  '"',
  '\\',
  '\\u0000',
  '\\ud800',
  '\\x',
  'null',
  'true',
  '{}',
  '[]',
  '{"a":1,"a":2}',
  '"__proto__":{"x":1},',
  '-',
  '(empty)',
  '\t',
  '\r\n',
  '\r',
  '\n\n',
  ',',
  '=',
  ':',
  '%00',
  '../',
] as const;

function insertToken(input: Buffer, random: Random): Buffer {
  const at = random.below(input.length + 1);
  return replace(input, at, at, random.pick(tokens));
}

function longLine(input: Buffer, random: Random): Buffer {
  const at = random.below(input.length + 1);
  return replace(input, at, at, random.pick(['A', ' ', '"', '\t', '\\', '0']).repeat(1 + random.below(200_000)));
}

const brackets: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['[', ']'],
  ['{"a":', '}'],
  ['(', ')'],
  ['[', ''],
];

function deepNesting(input: Buffer, random: Random): Buffer {
  const at = random.below(input.length + 1);
  const depth = 1 + random.below(50_000);
  const [open, close] = random.pick(brackets);
  return replace(input, at, at, open.repeat(depth) + close.repeat(depth));
}

function dropLine(input: Buffer, random: Random): Buffer {
  const [start, end] = line(input, random);
  return Buffer.concat([input.subarray(0, start), input.subarray(end)]);
}

function repeatLine(input: Buffer, random: Random): Buffer {
  const [start, end] = line(input, random);
  return Buffer.concat([input.subarray(0, end), input.subarray(start)]);
}

function joinLines(input: Buffer, random: Random): Buffer {
  const [, end] = line(input, random);
  return end === 0 ? input : Buffer.concat([input.subarray(0, end - 1), input.subarray(end)]);
}

/** A slice moves to another place. */
function swapBytes(input: Buffer, random: Random): Buffer {
  const [start, end] = slice(input, random, 64);
  const rest = Buffer.concat([input.subarray(0, start), input.subarray(end)]);
  const at = random.below(rest.length + 1);
  return Buffer.concat([rest.subarray(0, at), input.subarray(start, end), rest.subarray(at)]);
}

function slice(input: Buffer, random: Random, maxBytes: number): [start: number, end: number] {
  const start = random.below(input.length + 1);
  return [start, Math.min(input.length, start + 1 + random.below(maxBytes))];
}

/** The line, with its end, around some byte. */
function line(input: Buffer, random: Random): [start: number, end: number] {
  const at = random.below(input.length + 1);
  const end = input.indexOf(10, at);
  return [at === 0 ? 0 : input.lastIndexOf(10, at - 1) + 1, end < 0 ? input.length : end + 1];
}

function replace(input: Buffer, start: number, end: number, latin1: string): Buffer {
  return Buffer.concat([input.subarray(0, start), Buffer.from(latin1, 'latin1'), input.subarray(end)]);
}
