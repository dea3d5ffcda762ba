import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatIp, parseCidr, parseIp } from '../../base/ip.ts';
import { createLocalNetworks } from '../../base/networks.ts';
import { createMacros } from './macros.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
});
afterAll(() => connection.closeSync());

async function valuesOf(expression: (column: string) => string, texts: readonly string[]): Promise<unknown[]> {
  const reader = await connection.runAndReadAll(
    `SELECT ${expression('t')} FROM (SELECT unnest(string_split(?, '|')) AS t)`,
    [texts.join('|')],
  );
  return reader.getRows().map(([value]) => value);
}

const address = fc.oneof(
  fc.bigInt({ min: 0n, max: 0xffff_ffffn }).map((value) => formatIp(0xffff_0000_0000n + value)),
  fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map(formatIp),
  fc.constantFrom(
    '::',
    '::1',
    'fe80::1',
    'febf::1',
    'fec0::',
    'fc00::',
    'fdff::9',
    'fe00::',
    '10.255.255.255',
    '11.0.0.0',
  ),
  fc.constantFrom(
    '172.15.255.255',
    '172.16.0.0',
    '172.31.9.9',
    '172.32.0.0',
    '100.64.0.0',
    '100.127.1.1',
    '100.128.0.0',
  ),
);

describe('address macros agree with the code', () => {
  it('turns texts into the same numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(address, { minLength: 1, maxLength: 50 }), async (texts) => {
        const macros = createMacros([]);
        expect(await valuesOf((column) => macros.ipNumber(column), texts)).toEqual(texts.map(parseIp));
      }),
      { numRuns: 30 },
    );
  });

  it('gives null for text that is no address', async () => {
    const macros = createMacros([]);
    expect(await valuesOf((column) => macros.ipNumber(column), ['', 'host', '1.2'])).toEqual([null, null, null]);
  });

  it('knows what is local, for the default networks and others', async () => {
    for (const cidrs of [
      undefined,
      ['10.4.0.0/14', '192.0.2.128/25', '2001:db8::/32', '203.0.113.7/32', '96.0.0.0/3'],
      ['100::/8', '2000::/3', '64:ff9b::/32'],
    ]) {
      const networks = createLocalNetworks(cidrs);
      const macros = createMacros(networks.ranges);
      await fc.assert(
        fc.asyncProperty(fc.array(address, { minLength: 1, maxLength: 50 }), async (texts) => {
          const edges = (cidrs ?? []).flatMap((cidr) => {
            const range = parseCidr(cidr);
            return range === undefined ? [] : [range.first, range.last, range.last + 1n].map(formatIp);
          });
          const all = [...texts, ...edges];
          expect(await valuesOf((column) => macros.isLocal(column), all)).toEqual(
            all.map((ip) => networks.isLocal(ip)),
          );
        }),
        { numRuns: 20 },
      );
    }
  });

  it('takes the first groups of IPv6 for a network too', async () => {
    const macros = createMacros(createLocalNetworks(['::/16']).ranges);
    const texts = ['::1', '0:1:2:3:4:5:6:7', '1::', 'host'];
    expect(await valuesOf((column) => macros.isLocal(column), texts)).toEqual([true, true, false, false]);
  });
});

it('reads numbers from text, and nothing from other text', async () => {
  const macros = createMacros([]);
  const texts = ['12', '-0.5', '1e3', '', 'much', 'nan', 'inf', '1e999', '0x10'];
  expect(await valuesOf((column) => macros.numberOf(column), texts)).toEqual([
    12,
    -0.5,
    1000,
    null,
    null,
    null,
    null,
    null,
    null,
  ]);
});

it('gives the values of the first rows by several columns', async () => {
  const macros = createMacros([]);
  const rows = '(VALUES (3, 1, 30), (1, 2, 12), (2, 9, 29), (1, 1, 11), (3, 0, NULL)) AS t(a, b, value)';
  const reader = await connection.runAndReadAll(
    `SELECT ${macros.firstsBy('value', ['a', 'b'], 3)}, ${macros.firstsBy('value', ['a', 'b'], 9)} FROM ${rows}`,
  );
  expect(reader.getRowsJson()).toEqual([
    [
      [11, 12, 29],
      [11, 12, 29, 30],
    ],
  ]);
});

it('ranks by several columns as one key, and then holds no more rows than are wanted', async () => {
  const macros = createMacros([]);
  const ranked = (order: string): string => `SELECT "group", value FROM (
    SELECT "group", value, row_number() OVER (PARTITION BY "group" ORDER BY ${order}) AS rank
    FROM (SELECT i % 3 AS "group", i AS value, -(i % 7) AS size FROM range(3000) AS r(i)))
  WHERE rank <= 2 ORDER BY ALL`;
  const plan = async (order: string): Promise<string> =>
    String((await connection.runAndReadAll(`EXPLAIN ${ranked(order)}`)).getRows()[0]?.[1]);

  const reader = await connection.runAndReadAll(ranked(macros.keyOf(['size', 'value'])));
  const told = await connection.runAndReadAll(ranked('size, value'));
  expect(reader.getRowsJson()).toEqual(told.getRowsJson());
  expect(reader.getRowsJson()).toHaveLength(6);
  expect(await plan('size, value')).toContain('WINDOW');
  expect(await plan(macros.keyOf(['size', 'value']))).not.toContain('WINDOW');
});
