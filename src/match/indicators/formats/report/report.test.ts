import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const sha256 = 'ab'.repeat(32);
const text = `Our report, 20 Nov 2026. See https://vendor.example/blog for more (written by a.b).

The loader talks to hxxps://cdn[.]badsite[.]example/stage2/a.sh, and falls back to 203[.]0[.]113[.]77:4444.
Hashes: SHA256 ${sha256} (kit), MD5:${'cd'.repeat(16)}; sha1=${'ef'.repeat(20)}.
Write to evil[at]badsite[.]example. It asked 192.0.2.1 once.
- second (dot) badsite [.] example
("third[.]badsite[.]example") and h**ps is nothing.
`;

describe('report detect', () => {
  it('takes running text with values that were made harmless, or digests', () => {
    expect(format.detect('a.txt', text)).toBe(1);
    expect(format.detect('a.txt', `It is ${sha256} as we know.`)).toBe(1);
    expect(format.detect('a', 'This is a letter.\nIt names no machines [1] (see below).\n')).toBe(0);
    expect(format.detect('a', 'See https://vendor.example/ and 192.0.2.1.')).toBe(0);
    expect(format.detect('a', `{"a":"${sha256}"}`)).toBe(0);
    expect(format.detect('a', '<p>evil[.]example</p>')).toBe(0);
    expect(format.detect('a', '')).toBe(0);
  });
});

describe('report parse', () => {
  it('reads what is meant, and says what was written out', async () => {
    const { told, indicators, problems } = await readList(format, text);
    expect(told).toEqual([
      'url cdn.badsite.example/stage2/a.sh',
      'address 203.0.113.77',
      `sha256 ${sha256}`,
      `md5 ${'cd'.repeat(16)}`,
      `sha1 ${'ef'.repeat(20)}`,
      'email evil@badsite.example',
      'domain second.badsite.example',
      'domain third.badsite.example',
    ]);
    expect(indicators[1]?.description).toMatch(/^The loader talks to .*; port 4444$/);
    expect(problems.map(({ message }) => message)).toEqual([
      '2 values are written out, such as "https://vendor.example/blog", and were left out: a report names what is harmless so',
    ]);
  });

  it('takes any text in time that grows with its length', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('[', '.', ']', 'a', ' ', '(', 'dot', '1', ':', '/') }),
        async (any) => {
          await readList(format, any);
        },
      ),
    );
    const started = process.cpuUsage().user;
    await readList(
      format,
      Buffer.from(`${'[ . '.repeat(15_000)}\n${'((([['.repeat(10_000)}\n${'a.b)'.padEnd(60_000, ')')}\n`),
    );
    expect(process.cpuUsage().user - started).toBeLessThan(5_000_000);
  });
});
