import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';

const mixed = readFileSync(new URL('testdata/mixed.txt', import.meta.url), 'utf8');

describe('plain detect', () => {
  it('takes lists of values, and leaves prose, JSON, HTML and binary data', () => {
    expect(format.detect('a.txt', mixed)).toBe(1);
    expect(format.detect('a', '203.0.113.9')).toBe(1);
    expect(format.detect('a', 'This is a letter.\nIt names no machines.\n')).toBe(0);
    expect(format.detect('a', '{"a":1}')).toBe(0);
    expect(format.detect('a', '<html>evil.com</html>')).toBe(0);
    expect(format.detect('a', 'evil.com\n\0\0')).toBe(0);
    expect(format.detect('a', '')).toBe(0);
  });
});

describe('plain parse', () => {
  it('reads mixed kinds, undoes defanging, and keeps comments as descriptions', async () => {
    const { told, indicators, problems } = await readList(format, mixed);
    expect(told).toEqual([
      'address 203.0.113.9',
      'address 203.0.113.10',
      'cidr 198.51.100.0/24',
      'url evil.example/kit',
      'domain bad.example.com',
      'domain listed.example.net',
      'domain www.evil.example',
      'md5 d41d8cd98f00b204e9800998ecf8427e',
      'email user@evil.example',
    ]);
    expect(indicators.map((each) => each.description)).toEqual([
      null,
      'Emotet tier 1; port 8080',
      'SBL000001',
      null,
      null,
      null,
      'loader',
      null,
      null,
    ]);
    expect(problems.map((problem) => [problem.code, problem.at.line])).toEqual([
      ['bad-value', 15],
      ['bad-value', 16],
    ]);
  });

  it('never throws on bytes, and finds a value after any garbage line', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { told } = await readList(format, Buffer.concat([bytes, Buffer.from('\n203.0.113.9\n')]));
        expect(told).toContain('address 203.0.113.9');
      }),
    );
  });
});
