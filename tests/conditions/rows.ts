import type { Random } from '../fuzz/random.ts';
import type { StreamResolver, StreamValue, SqlResolver, SqlType } from '../../src/match/condition/resolver.ts';

export type Row = Readonly<Record<string, StreamValue>>;

/** Columns of the table that both executions read. `gone` is a field that neither has. */
export const columns: readonly (readonly [name: string, type: SqlType, duckdb: string])[] = [
  ['word', 'text', 'VARCHAR'],
  ['line', 'text', 'VARCHAR'],
  ['path', 'text', 'VARCHAR'],
  ['digits', 'text', 'VARCHAR'],
  ['count', 'integer', 'BIGINT'],
  ['ratio', 'real', 'DOUBLE'],
  ['flag', 'boolean', 'BOOLEAN'],
  ['at', 'time', 'TIMESTAMP'],
  ['address', 'ip', 'VARCHAR'],
  ['host', 'text', 'VARCHAR'],
  ['words', 'text[]', 'VARCHAR[]'],
];

/** Letters that compare in odd ways: case without a pair, astral, zero, wildcards of three languages, no UTF-8. */
const letters = Array.from(`aAbBkKsSzZ09 .-_/*?%\\'"[]()^$|éÉßẞſKΣσςİıǅÅ😀𐐀𐐨\0\n\r\uFFFD\uFEFF\ua7cb`).concat(
  '\ud800',
  '\udc00',
);

export function randomText(random: Random, most = 6): string {
  let text = '';
  for (let left = random.below(most + 1); left > 0; left--) text += letters[random.below(letters.length)] ?? '';
  return text;
}

export const words = [
  'bash',
  'BASH',
  'sh',
  'Éa',
  'éA',
  'ΣΑΣ',
  'σας',
  '',
  'a*b',
  '/bin/sh',
  'YWFh',
  '-n',
  '0',
  '42',
  'true',
] as const;

export const numbers = [
  '0',
  '-0',
  '1',
  '42',
  '042',
  '+42',
  '-7',
  '2.5',
  '-2.5',
  '1e3',
  '1E+3',
  '.5',
  '5.',
  '1e400',
  'inf',
  'nan',
  '0x10',
  ' 1',
  '1_0',
  '9007199254740992',
  '9007199254740993',
  '-9007199254740993',
  '18446744073709551615',
  '1e20',
  '100000000000000000000',
  '99999999999999999999999999999999999999',
  '100000000000000000000000000000000000000',
  '1.7976931348623157e308',
  '0.1',
  '1e-7',
  '4.9e-324',
] as const;

export const addresses = [
  '10.0.0.1',
  '10.255.0.9',
  '192.168.1.77',
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  '2001:db8::ff',
  'ff02::fb',
] as const;

const hostTexts = [
  '::ffff:10.0.0.1',
  '::FFFF:0a00:0001',
  'fe80::1%eth0',
  '1.2.3',
  '01.2.3.4',
  '256.1.1.1',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7',
  '::1::',
  ':::',
  '2001:DB8:0:0::FF',
  '1::',
  'fe80::',
  '1:2:3:4:5:6:7::',
  '::2:3:4:5:6:7:8',
  '64:ff9b::10.0.0.1',
  '1:2:3:4:5:6:1.2.3.4',
  '1:2:3:4:5:6:7:1.2.3.4',
  '12345::',
  'g::1',
  '%',
  ':',
  '1::2%',
  '10.0.0.1%eth0',
] as const;

export const paths = [
  '/etc',
  '/etc/shadow',
  '/etc//shadow/',
  'etc/x',
  '/etcetera',
  '/opt/a/sub',
  '/opt/a/b/sub',
  '/',
  '',
  '//',
] as const;

function one<T>(random: Random, list: readonly T[]): T | null {
  return list[random.below(list.length)] ?? null;
}

/** A row with every column; each is null once in six. */
export function randomRow(random: Random): Row {
  const maybe = <T>(value: T): T | null => (random.below(6) === 0 ? null : value);
  const wordOrText = (): string => (random.below(2) === 0 ? (one(random, words) ?? '') : randomText(random));
  const whole = (): number | bigint => {
    const value =
      one(random, [
        0n,
        1n,
        -7n,
        42n,
        2n ** 53n,
        2n ** 53n + 1n,
        -(2n ** 63n),
        2n ** 63n - 1n,
        1n << BigInt(random.below(60)),
      ]) ?? 0n;
    return value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER ? Number(value) : value;
  };
  const real = (): number =>
    one(random, [
      0,
      -0,
      0.1,
      2.5,
      -7,
      42,
      1e15,
      1e16,
      1e20,
      1e37,
      1e39,
      1e-5,
      5e-324,
      1e300,
      Number.NaN,
      Infinity,
      -Infinity,
      random.below(1e6) / 1e3,
    ]) ?? 0;
  return {
    word: maybe(wordOrText()),
    line: maybe(`${wordOrText()}${one(random, words) ?? ''}${randomText(random, 10)}`),
    path: maybe(one(random, paths)),
    digits: maybe(random.below(4) === 0 ? String(random.below(50)) : one(random, numbers)),
    count: maybe(whole()),
    ratio: maybe(real()),
    flag: maybe(random.below(2) === 0),
    at: maybe(random.below(2 ** 31) * 1_000_003),
    address: maybe(one(random, addresses)),
    host: maybe(one(random, random.below(2) === 0 ? addresses : hostTexts)),
    words: maybe(Array.from({ length: random.below(4) }, () => maybe(wordOrText()))),
  };
}

const streamTypes = {
  text: 'text',
  ip: 'text',
  integer: 'number',
  real: 'number',
  time: 'number',
  boolean: 'boolean',
  'text[]': 'list',
  'integer[]': 'list',
} as const;
const byName = new Map(columns.map((column) => [column[0], column]));
const textColumns = columns.filter(([, type]) => type === 'text').map(([name]) => name);

export const streamRows: StreamResolver<Row> = {
  field: ({ name }) => {
    const column = byName.get(name);
    return column === undefined
      ? { absent: 'no such column' }
      : { type: streamTypes[column[1]], get: (row) => row[name] };
  },
  allFields: () => ({ type: 'list', get: (row) => textColumns.map((name) => row[name] as string | null) }),
};

export const sqlRows: SqlResolver = {
  field: ({ name }) => {
    const column = byName.get(name);
    return column === undefined ? { absent: 'no such column' } : { sql: `"${name}"`, type: column[1] };
  },
  allFields: () => ({ sql: `[${textColumns.map((name) => `"${name}"`).join(', ')}]`, type: 'text[]' }),
};
