import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Indicator } from './format.ts';
import { listNameOf, loadIndicatorFile } from './load.ts';
import type { Problem } from '../../base/problem.ts';

async function* pieces(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

async function load(
  text: string | Uint8Array,
  name = 'list',
): Promise<{ format: string | undefined; indicators: Indicator[]; problems: Problem[] }> {
  const file = await loadIndicatorFile(name, pieces(text));
  const indicators: Indicator[] = [];
  for await (const batch of file.indicators) indicators.push(...batch);
  return { format: file.format, indicators, problems: file.problems.drain() };
}

describe('loadIndicatorFile', () => {
  it.each([
    ['plain', '203.0.113.9\nevil.example\n'],
    ['csv', 'type,value\ndomain,evil.example\n'],
    ['hosts', '0.0.0.0 evil.example\n0.0.0.0 bad.example\n'],
    ['adblock', '||evil.example^\n'],
    ['dnsmasq', 'address=/evil.example/0.0.0.0\n'],
    ['rpz', '$TTL 60\n@ SOA a. b. (1 2 3 4 5)\nevil.example CNAME .\n'],
    ['zeek-intel', '#fields\tindicator\tindicator_type\tmeta.source\nevil.example\tIntel::DOMAIN\tx\n'],
    ['abuse-ch', '# URLhaus\n# id,dateadded,url\n1,x,http://evil.example/\n'],
    ['misp', '{"Event":{"Attribute":[{"type":"domain","value":"evil.example","to_ids":true}]}}'],
    ['stix', `{"type":"bundle","objects":[{"type":"domain-name","value":"evil.example"}]}`],
  ])('recognises %s and reads it', async (format, text) => {
    const result = await load(text);
    expect(result.format).toBe(format);
    expect(result.indicators.map((each) => each.value).join(' ')).toContain('evil.example');
  });

  it.each([
    ['nothing', '', 'it is empty'],
    ['compressed data', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'it is compressed with gzip: decompress it first'],
    ['UTF-16', Buffer.from('\uFEFFevil.example\n', 'utf16le'), 'it is UTF-16 text: save it as UTF-8'],
    ['binary data', Buffer.alloc(5000, 7), undefined],
    ['prose', 'Dear all,\nnothing to see here\n', undefined],
    ['other JSON', '{"hello":[1,2,3]}', undefined],
  ])('says that %s is no list', async (_what, text, hint) => {
    const { format, indicators, problems } = await load(text);
    expect(format).toBeUndefined();
    expect(indicators).toEqual([]);
    expect(problems).toMatchObject([{ code: 'unknown-format', ...(hint === undefined ? {} : { hint }) }]);
  });

  it('bounds the problems of a list of nonsense, and still counts them', async () => {
    const { problems } = await load(`${'evil.example\n'.repeat(6000)}${'com\n'.repeat(5000)}`);
    expect(problems.length).toBeLessThan(50);
    expect(problems.reduce((sum, problem) => sum + (problem.count ?? 1), 0)).toBe(5000);
  });

  it('takes a content in one piece, with any number of bad entries', async () => {
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(
        `{"type":"bundle","objects":[${'x,'.repeat(300_000)}{"type":"domain-name","value":"evil.example"}]}`,
      );
    }
    const file = await loadIndicatorFile('list', whole());
    const values: string[] = [];
    for await (const batch of file.indicators) values.push(...batch.map((each) => each.value));
    expect(values).toEqual(['evil.example']);
    expect(file.problems.total).toBe(300_000);
  });

  it('never throws on content', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), async (bytes) => {
        await expect(load(bytes)).resolves.toBeDefined();
      }),
    );
  });

  it('passes on that the content could not be read', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('203.0.113.9\n'.repeat(10_000));
      throw new Error('disk gone');
    }
    const file = await loadIndicatorFile('list', broken());
    await expect(
      (async () => {
        for await (const batch of file.indicators) expect(batch.length).toBeGreaterThan(0);
      })(),
    ).rejects.toThrow('disk gone');
  });
});

describe('listNameOf', () => {
  it('is the file name without folders and usual endings', () => {
    expect(
      ['/a/feodo.csv.gz', 'C:\\x\\y.txt', 'day.zip!inner/urlhaus.json', 'plain', '.txt', 'a.b.c'].map(listNameOf),
    ).toEqual(['feodo', 'y', 'urlhaus', 'plain', '.txt', 'a.b.c']);
  });
});
