import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readList } from '../read-list.ts';
import { format } from './index.ts';
import { parsePattern } from './pattern.ts';
import { valuesOf } from './values.ts';
import { EntryBatch } from '../../reading/entries.ts';
import { WaitingObservables } from './waiting-observables.ts';

function bundle(...objects: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ type: 'bundle', id: 'bundle--1', objects });
}

function indicator(pattern: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { type: 'indicator', spec_version: '2.1', pattern_type: 'stix', name: 'made up', pattern, ...more };
}

function told(pattern: string): string {
  const expression = parsePattern(pattern);
  if (expression === undefined) return 'no pattern';
  const { values, unchecked } = valuesOf(expression);
  return `${values.map(({ kind, text }) => `${kind} ${text}`).join(', ')}${unchecked.length > 0 ? ` without ${unchecked.join(', ')}` : ''}`.trim();
}

const md5 = 'd41d8cd98f00b204e9800998ecf8427e';

describe('patterns', () => {
  it.each([
    ["[ipv4-addr:value = '203.0.113.9']", 'address 203.0.113.9'],
    ["[ipv4-addr:value IN ('203.0.113.9', '203.0.113.10')]", 'address 203.0.113.9, address 203.0.113.10'],
    ["[ipv4-addr:value ISSUBSET '198.51.100.0/24']", 'address 198.51.100.0/24'],
    ["[domain-name:value = 'a.example' OR domain-name:value='b.example']", 'domain a.example, domain b.example'],
    [
      "[domain-name:value = 'a.example'] OR ([url:value = 'http://b.example/x'])",
      'domain a.example, url http://b.example/x',
    ],
    ["[domain-name:value LIKE '%.evil.example']", 'domain evil.example'],
    [`[file:hashes.MD5 = '${md5}' AND file:name = 'a.exe']`, `md5 ${md5}`],
    [`[file:hashes.'SHA-256' = 'aa' AND file:hashes.MD5 = '${md5}']`, `md5 aa, md5 ${md5}`],
    [
      "[network-traffic:dst_ref.type = 'ipv4-addr' AND network-traffic:dst_ref.value = '203.0.113.9' AND network-traffic:dst_port = 443]",
      'address 203.0.113.9 without network-traffic:dst_ref.type =, network-traffic:dst_port =',
    ],
    [
      "[url:value = 'http://a.example/x' AND domain-name:value = 'a.example']",
      'url http://a.example/x without domain a.example',
    ],
    ["[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' LIKE '%Evil%']", 'user-agent *Evil*'],
    [
      "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = '*/*']",
      String.raw`user-agent \*/\*`,
    ],
    [String.raw`[url:value = 'http://a.example/\'x\\']`, String.raw`url http://a.example/'x\ `.trim()],
    ["[email-message:from_ref.value = 'a@evil.example']", 'email a@evil.example'],
    ["[domain-name:value MATCHES '^a.*']", 'without domain-name:value MATCHES'],
    ["[domain-name:value != 'a.example']", 'without domain-name:value !='],
    ["[ipv4-addr:value NOT = '203.0.113.9']", 'without ipv4-addr:value NOT ='],
    ['[NOT EXISTS file:name]', 'without file:name NOT EXISTS'],
    [
      "[domain-name:value = 'a.example'] AND [domain-name:value = 'b.example']",
      'without two observations that must both be seen',
    ],
    [
      "[domain-name:value = 'a.example'] FOLLOWEDBY [domain-name:value = 'b.example']",
      'without two observations that must both be seen',
    ],
    [
      "[domain-name:value = 'a.example'] REPEATS 5 TIMES WITHIN 60 SECONDS",
      'without a qualifier (WITHIN, REPEATS, START)',
    ],
    [
      "[domain-name:value = 'a.example'] START t'2026-01-01T00:00:00Z' STOP t'2026-02-01T00:00:00Z'",
      'without a qualifier (WITHIN, REPEATS, START)',
    ],
    ["[process:name = 'x']", 'file x'],
    ["[file:name = 'kdevtmpfsi' AND file:size = 7]", 'file kdevtmpfsi without file:size ='],
    ["[process:pid = '7']", 'without process:pid ='],
    [
      "[(domain-name:value = 'a.example' OR domain-name:value = 'b.example') AND network-traffic:dst_port = 1]",
      'domain a.example, domain b.example without network-traffic:dst_port =',
    ],
  ])('%s', (pattern, want) => {
    expect(told(pattern)).toBe(want);
  });

  it.each([
    '',
    '[',
    "[domain-name:value = 'a.example'",
    "domain-name:value = 'a.example'",
    "[domain-name:value 'x']",
    '[ ]',
    '[a:b = ]',
    "['x' = 'y']",
    `${'('.repeat(5000)}`,
    `${"[a:b = 'c'] OR ".repeat(9000)}`,
  ])('does not understand %j', (pattern) => {
    expect(parsePattern(pattern)).toBeUndefined();
  });

  it('never throws, whatever the tokens', () => {
    const token = fc.constantFrom(
      '[',
      ']',
      '(',
      ')',
      'AND',
      'OR',
      'NOT',
      'FOLLOWEDBY',
      'WITHIN',
      '5',
      'SECONDS',
      "'x'",
      'a:b',
      '=',
      'IN',
      ',',
      "t'",
      '\\',
      'START',
      'STOP',
      'EXISTS',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
        expect(() => told(tokens.join(' '))).not.toThrow();
      }),
    );
  });
});

describe('stix', () => {
  it('is told by its structure', () => {
    expect(format.detect('x.json', bundle())).toBe(3);
    expect(format.detect('taxii', JSON.stringify({ more: false, objects: [indicator('x')] }))).toBe(3);
    expect(format.detect('x.json', '{"Event":{}}')).toBe(0);
    expect(format.detect('x', '"type":"bundle"')).toBe(0);
  });

  it('honours confidence and validity, passes over what is revoked, and names techniques', async () => {
    const references = [{ source_name: 'mitre-attack', external_id: 'T1071.001' }, { source_name: 'blog' }];
    const { indicators, problems } = await readList(
      format,
      bundle(
        { type: 'identity', name: 'us' },
        indicator("[domain-name:value = 'evil.example']", {
          confidence: 80,
          valid_until: '2026-12-01T00:00:00Z',
          labels: ['c2'],
          external_references: references,
        }),
        indicator("[domain-name:value = 'old.example']", { revoked: true }),
      ),
    );
    expect(indicators).toEqual([
      {
        kind: 'domain',
        value: 'evil.example',
        description: 'made up; c2; T1071.001',
        confidence: 80,
        expires_at: 1_796_083_200_000_000,
      },
    ]);
    expect(problems).toEqual([]);
  });

  it('reads observables that stand by themselves', async () => {
    const { told: values } = await readList(
      format,
      bundle(
        { type: 'ipv4-addr', value: '203.0.113.9' },
        { type: 'domain-name', value: 'evil.example' },
        { type: 'file', hashes: { MD5: md5, 'SHA-256': 'nonsense' } },
        { type: 'ipv6-addr' },
      ),
    );
    expect(values).toEqual(['address 203.0.113.9', 'domain evil.example', `md5 ${md5}`]);
  });

  it('leaves observables alone that an observation refers to, wherever it stands', async () => {
    const [own, far, early] = [1, 2, 3].map((at) => `ipv4-addr--00000000-0000-4000-8000-00000000000${at}`);
    const { told: values } = await readList(
      format,
      bundle(
        { type: 'observed-data', object_refs: [early, 7] },
        { type: 'ipv4-addr', id: own, value: '10.0.0.7' },
        { type: 'ipv4-addr', id: far, value: '203.0.113.9' },
        { type: 'ipv4-addr', id: early, value: '10.0.0.8' },
        { type: 'observed-data', object_refs: [own] },
      ),
    );
    expect(values).toEqual(['address 203.0.113.9']);
  });

  it('takes the name of a file that has no digest', async () => {
    const hashes = { MD5: 'd41d8cd98f00b204e9800998ecf8427e' };
    const { told: values } = await readList(
      format,
      bundle(
        { type: 'file', id: 'file--1', name: 'kdevtmpfsi' },
        { type: 'file', id: 'file--2', name: 'invoice.pdf', hashes },
      ),
    );
    expect(values).toEqual(['file kdevtmpfsi', 'md5 d41d8cd98f00b204e9800998ecf8427e']);
  });

  it('reports patterns that it cannot read or not wholly, and goes on', async () => {
    const { told: values, problems } = await readList(
      format,
      bundle(
        indicator('alert tcp', { pattern_type: 'snort' }),
        indicator('[broken'),
        indicator("[process:pid = '7']"),
        indicator("[ipv4-addr:value = '203.0.113.9' AND network-traffic:dst_port = 443]"),
        indicator("[domain-name:value = 'co.uk']"),
      ).replace('"objects":[', '"objects":[7,'),
    );
    expect(values).toEqual(['address 203.0.113.9']);
    expect(problems.map((problem) => problem.code)).toEqual([
      'bad-record',
      'unsupported',
      'bad-record',
      'unsupported',
      'unsupported',
      'bad-value',
    ]);
  });
});

describe('observables that wait', () => {
  const address = (at: number) => ({ type: 'ipv4-addr', id: `ipv4-addr--${at}`, value: `203.0.113.${at}` });
  const ended = (fill: (observables: WaitingObservables, batch: EntryBatch) => void): EntryBatch => {
    const batch = new EntryBatch();
    const observables = new WaitingObservables(2);
    fill(observables, batch);
    observables.addTo(batch);
    return batch;
  };

  it('are bounded, and say so', () => {
    const { indicators, problems } = ended((observables, batch) => {
      for (const at of [1, 2, 3]) observables.add(batch, address(at), { byte: at });
    });
    expect(indicators.map(({ value }) => value)).toEqual(['203.0.113.1', '203.0.113.2']);
    expect(problems).toMatchObject([{ code: 'limit-reached', at: { byte: 3 } }]);
  });

  it('are no indicators when it cannot be told which of them were only seen', () => {
    const { indicators, problems } = ended((observables, batch) => {
      observables.add(batch, address(1), { byte: 1 });
      observables.leaveOut({ object_refs: ['a', 'b', 'ipv4-addr--1'] }, { byte: 9 });
    });
    expect(indicators).toEqual([]);
    expect(problems).toMatchObject([{ code: 'limit-reached', at: { byte: 9 } }]);
  });
});
