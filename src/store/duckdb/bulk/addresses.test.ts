import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalIp } from '../../../base/ip.ts';
import { isCanonicalIp, mayBeOtherIp } from './addresses.ts';

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:')).connect();
});

afterAll(() => {
  connection.closeSync();
});

async function judged(
  texts: readonly string[],
): Promise<{ text: string; isCanonical: boolean; mayBeOther: boolean }[]> {
  const list = texts.map((text) => `('${text.replaceAll("'", "''")}')`).join(', ');
  const reader = await connection.runAndReadAll(
    `SELECT x, ${isCanonicalIp('x')}, ${mayBeOtherIp('x')} FROM (VALUES ${list}) rows(x)`,
  );
  return reader.getRows().map(([text, isCanonical, mayBeOther]) => ({
    text: String(text),
    isCanonical: isCanonical === true,
    mayBeOther: mayBeOther === true,
  }));
}

const octet = fc.oneof(fc.integer({ min: 0, max: 300 }).map(String), fc.constantFrom('00', '01', '', 'a'));
const ipv4 = fc.array(octet, { minLength: 3, maxLength: 5 }).map((parts) => parts.join('.'));
const group = fc.constantFrom('0', '1', 'a', 'ffff', 'FFFF', '00', '0db8', '10000', '');
const ipv6 = fc.array(group, { minLength: 1, maxLength: 9 }).map((parts) => parts.join(':'));
const mixed = fc.constantFrom('::ffff:1.2.3.4', '::ffff:102:304', '::1.2.3.4', 'fe80::1%eth0', '::', '1::', "a'b", 'x');

describe('the test of addresses in SQL', () => {
  it('says of no text that it is canonical when it is not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(ipv4, ipv6, mixed), { minLength: 200, maxLength: 200 }), async (texts) => {
        const wrong = (await judged(texts)).filter(({ text, isCanonical, mayBeOther }) => {
          const canonical = canonicalIp(text);
          // An address in another form must never be passed over in silence.
          return isCanonical ? canonical !== text : canonical !== undefined && !mayBeOther;
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('knows the addresses that sensors write', async () => {
    const texts = [
      '0.0.0.0',
      '255.255.255.255',
      '10.0.0.1',
      '::1',
      'fe80::1',
      '2001:db8::1:0:1',
      'ff02::fb',
      '1:2:3:4:5:6:7:8',
    ];
    expect((await judged(texts)).every(({ isCanonical }) => isCanonical)).toBe(true);
  });
});
