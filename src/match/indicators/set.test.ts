import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, parseCidr, parseIp } from '../../base/ip.ts';
import type { Indicator, IndicatorKind } from './format.ts';
import { normalise } from './normalise.ts';
import { IndicatorSetBuilder } from './set-builder.ts';
import type { IndicatorSet } from './set.ts';

function indicator(kind: IndicatorKind, value: string, more: Partial<Indicator> = {}): Indicator {
  return { kind, value, description: null, confidence: null, expires_at: null, ...more };
}

function setOf(entries: readonly (readonly [IndicatorKind, string])[]): IndicatorSet {
  const builder = new IndicatorSetBuilder();
  for (const [kind, value] of entries) builder.add('list', indicator(kind, value));
  return builder.build();
}

function valuesOf(set: IndicatorSet, kind: IndicatorKind, value: string): string[] {
  return set.lookUp(kind, value).map((ref) => ref.value);
}

const octet = fc.integer({ min: 0, max: 3 });
/** A small corner of the space, so that networks hold one another and addresses fall into them. */
const v4 = fc
  .tuple(octet, octet, octet, fc.integer({ min: 0, max: 255 }))
  .map(([a, b, c, d]) => `${20 + a}.${b}.${c}.${d}`);
const v6 = fc.tuple(octet, octet, octet).map(([a, b, c]) => `2001:db8:${a}:${b}::${c}`);
const network = fc
  .oneof(fc.tuple(v4, fc.integer({ min: 8, max: 31 })), fc.tuple(v6, fc.integer({ min: 16, max: 127 })))
  .map(([address, prefix]) => canonicalNetwork(`${address}/${prefix}`));

function canonicalNetwork(cidr: string): string {
  const range = parseCidr(cidr);
  return `${formatIp(range?.first ?? 0n)}/${cidr.split('/')[1]}`;
}

const label = fc.constantFrom('a', 'b', 'evil', 'x-1', '_dns');
const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => [...labels, 'com'].join('.'));

describe('addresses', () => {
  it('falls under exactly the networks that hold it, as tested one by one', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(network, { maxLength: 30 }),
        fc.array(fc.oneof(v4, v6), { maxLength: 20 }),
        (networks, addresses) => {
          const set = setOf(networks.map((cidr) => ['cidr', cidr] as const));
          for (const address of addresses) {
            const number = parseIp(address) ?? -1n;
            const naive = networks.filter((cidr) => {
              const range = parseCidr(cidr);
              return range !== undefined && number >= range.first && number <= range.last;
            });
            expect(valuesOf(set, 'address', address).sort()).toEqual(naive.sort());
          }
        },
      ),
    );
  });

  it('finds exactly the listed addresses, IPv4 in any spelling', () => {
    fc.assert(
      fc.property(fc.uniqueArray(v4, { maxLength: 200 }), fc.array(v4), (listed, seen) => {
        const set = setOf(listed.map((address) => ['address', address] as const));
        for (const address of [...listed, ...seen]) {
          const want = listed.includes(address) ? [address] : [];
          expect(valuesOf(set, 'address', address)).toEqual(want);
          expect(valuesOf(set, 'address', `::ffff:${address}`)).toEqual(want);
        }
      }),
    );
  });

  it('finds IPv6 addresses, and nothing for text that is no address', () => {
    const set = setOf([
      ['address', '2001:db8::1'],
      ['cidr', '2001:db8::/32'],
    ]);
    expect(valuesOf(set, 'address', '2001:db8::1')).toEqual(['2001:db8::1', '2001:db8::/32']);
    expect(valuesOf(set, 'address', '2001:db9::1')).toEqual([]);
    for (const text of ['', 'x', '1.2.3', ':::', '2001:db8::g', 'evil.com']) {
      expect(valuesOf(set, 'address', text)).toEqual([]);
    }
  });
});

describe('names', () => {
  it('falls under itself and each listed name above it, as tested one by one', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 40 }), fc.array(name, { maxLength: 20 }), (listed, seen) => {
        const set = setOf(listed.map((each) => ['domain', each] as const));
        for (const each of seen) {
          const naive = listed.filter((above) => each === above || each.endsWith(`.${above}`));
          expect(valuesOf(set, 'domain', each)).toEqual(naive.sort((a, b) => b.length - a.length));
        }
      }),
    );
  });

  it('does not care for case, takes no part of a label, and survives what is no name', () => {
    const set = setOf([['domain', 'evil.com']]);
    expect(valuesOf(set, 'domain', 'WWW.Evil.COM')).toEqual(['evil.com']);
    expect(valuesOf(set, 'domain', 'notevil.com')).toEqual([]);
    expect(valuesOf(set, 'domain', `${'a.'.repeat(100_000)}evil.com`)).toEqual(['evil.com']);
    for (const text of ['', '.', '..', 'com', '.evil.com.', '☃.com']) expect(set.lookUp('domain', text)).toBeDefined();
  });
});

describe('URLs', () => {
  const set = setOf([
    ['url', 'evil.com/kit'],
    ['url', 'evil.com/a/b?id=1'],
    ['url', 'bad.com/'],
    ['url', '2001:db8::1/x'],
  ]);

  it.each([
    ['http://evil.com/kit', ['evil.com/kit']],
    ['https://evil.com:8443/kit/login.php?x=1', ['evil.com/kit']],
    ['evil.com/kit?x', ['evil.com/kit']],
    ['evil.com/kitchen', []],
    ['evil.com/a/b?id=1', ['evil.com/a/b?id=1']],
    ['evil.com/a/b?id=12', []],
    ['evil.com/a/b', []],
    ['http://EVIL.com/kit', ['evil.com/kit']],
    ['http://bad.com/any/thing', ['bad.com/']],
    ['http://[2001:db8::1]/x', ['2001:db8::1/x']],
    ['http://good.com/evil.com/kit', []],
    ['', []],
  ])('%s falls under %j', (url, want) => {
    expect(valuesOf(set, 'url', url)).toEqual(want);
  });

  it('takes the host from the host header, or from a whole URL that a proxy was sent', () => {
    expect(set.lookUpUrl('evil.com', '/kit/x').map((ref) => ref.value)).toEqual(['evil.com/kit']);
    expect(set.lookUpUrl('proxy.example.com', 'http://user@evil.com:80/kit').map((ref) => ref.value)).toEqual([
      'evil.com/kit',
    ]);
    expect(set.lookUpUrl('evil.com', 'http://good.com/kit')).toEqual([]);
    expect(set.lookUpUrl(null, '/kit')).toEqual([]);
    expect(set.lookUpUrl('evil.com', `/${'a/'.repeat(100_000)}`)).toEqual([]);
    expect(set.lookUpUrl('evil.com', '*')).toEqual([]);
  });
});

describe('other kinds', () => {
  const set = setOf([
    ['md5', 'd41d8cd98f00b204e9800998ecf8427e'],
    ['ja3', 'd41d8cd98f00b204e9800998ecf8427f'],
    ['user-agent', 'Evil/1.0'],
    ['user-agent', '*sqlmap*'],
    ['user-agent', 'Start*'],
    ['user-agent', '*End'],
    ['user-agent', String.raw`\*/\*`],
    ['user-agent', 'Böse/1'],
    ['email', 'ceo@evil.com'],
  ]);

  it.each([
    ['md5', 'D41D8CD98F00B204E9800998ECF8427E', 1],
    ['sha1', 'd41d8cd98f00b204e9800998ecf8427e', 0],
    ['ja3', 'd41d8cd98f00b204e9800998ecf8427f', 1],
    ['ja3', 'd41d8cd98f00b204e9800998ecf8427e', 0],
    ['user-agent', 'Evil/1.0', 1],
    ['user-agent', 'evil/1.0', 0],
    ['user-agent', 'x sqlmap/1.7', 1],
    ['user-agent', 'Start here', 1],
    ['user-agent', 'no Start', 0],
    ['user-agent', 'The End', 1],
    ['user-agent', '*/*', 1],
    ['user-agent', 'Böse/1', 1],
    ['email', '"CEO" <CEO@evil.com>', 1],
    ['email', 'x@evil.com', 0],
  ] as const)('%s %s is found %i times', (kind, value, times) => {
    expect(set.lookUp(kind, value)).toHaveLength(times);
  });
});

describe('entries', () => {
  it('keep what each list says of the same value', () => {
    const builder = new IndicatorSetBuilder();
    builder.add('one', indicator('address', '203.0.113.9', { description: 'Emotet', confidence: 90 }));
    builder.add('two', indicator('address', '203.0.113.9', { expires_at: 5 }));
    expect(builder.build().lookUp('address', '203.0.113.9')).toEqual([
      { kind: 'address', value: '203.0.113.9', list: 'one', description: 'Emotet', confidence: 90, expires_at: null },
      { kind: 'address', value: '203.0.113.9', list: 'two', description: null, confidence: null, expires_at: 5 },
    ]);
  });

  it('that a list repeats are one, with the longest validity and highest confidence', () => {
    const builder = new IndicatorSetBuilder();
    for (const [confidence, expires_at] of [
      [10, 5],
      [50, 9],
      [20, 7],
    ] as const) {
      builder.add('one', indicator('domain', 'evil.com', { confidence, expires_at, description: 'x' }));
    }
    const set = builder.build();
    expect(set.size).toBe(1);
    expect(set.lookUp('domain', 'evil.com')).toMatchObject([{ confidence: 50, expires_at: 9 }]);
  });

  it('of one value are bounded for a list, and cannot push out those of another', () => {
    const builder = new IndicatorSetBuilder();
    for (let index = 0; index < 10_000; index++) {
      builder.add('noisy', indicator('domain', 'evil.com', { description: `d${index}`, expires_at: index }));
    }
    builder.add('other', indicator('domain', 'evil.com'));
    const refs = builder.build().lookUp('domain', 'evil.com');
    expect(refs.map((ref) => ref.list)).toEqual(['noisy', 'noisy', 'noisy', 'noisy', 'other']);
    expect(Math.max(...refs.map((ref) => ref.expires_at ?? 0))).toBe(9999);
  });

  it('come back as they were put in, whatever the kinds and texts', () => {
    const entry = fc.oneof(
      v4.map((value) => ['address', value] as const),
      name.map((value) => ['domain', value] as const),
      fc.webUrl().map((value) => ['url', value] as const),
      fc.string({ unit: 'grapheme', minLength: 5 }).map((value) => ['user-agent', value] as const),
    );
    const facts = fc.record({
      description: fc.option(fc.string({ unit: 'grapheme', minLength: 1 })),
      confidence: fc.option(fc.integer({ min: 0, max: 100 })),
      expires_at: fc.option(fc.integer({ min: 0, max: 2 ** 52 })),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.tuple(entry, facts), { selector: ([[kind, value]]) => `${kind} ${value}`, maxLength: 60 }),
        (entries) => {
          const builder = new IndicatorSetBuilder();
          const kept = entries.flatMap(([[kind, text], more]) => {
            const normal = normalise(kind, text);
            if (typeof normal === 'string' || normal.value.includes('*')) return [];
            return [indicator(normal.kind, normal.value, more)];
          });
          for (const each of kept) builder.add('list', each);
          const set = builder.build();
          for (const each of kept) expect(set.lookUp(each.kind, each.value)).toContainEqual({ ...each, list: 'list' });
        },
      ),
    );
  });

  it('of an empty set find nothing', () => {
    const set = new IndicatorSetBuilder().build();
    expect(set.size).toBe(0);
    for (const kind of ['address', 'domain', 'url', 'md5', 'user-agent', 'email'] as const) {
      expect(set.holds(kind)).toBe(false);
      expect(set.lookUp(kind, 'evil.com')).toEqual([]);
    }
  });

  it('grow tables without losing any, and take about 50 bytes each', () => {
    const builder = new IndicatorSetBuilder();
    const count = 50_000;
    for (let index = 0; index < count; index++) builder.add('list', indicator('domain', `host${index}.evil.com`));
    const set = builder.build();
    for (let index = 0; index < count; index += 97) {
      expect(set.lookUp('domain', `host${index}.evil.com`)).toHaveLength(1);
    }
    expect(set.byteLength / count).toBeLessThan(60);
  });
});

describe('files', () => {
  it('fall under their whole path and under their name, whatever its case and separators', () => {
    const set = setOf([
      ['file', '/tmp/.x/kit'],
      ['file', 'kdevtmpfsi'],
    ]);
    expect(valuesOf(set, 'file', '/tmp/.x/kit')).toEqual(['/tmp/.x/kit']);
    expect(valuesOf(set, 'file', '/opt/kit')).toEqual([]);
    expect(valuesOf(set, 'file', '/var/tmp/KDevTmpFsi')).toEqual(['kdevtmpfsi']);
    expect(valuesOf(set, 'file', String.raw`D:\x\kdevtmpfsi`)).toEqual(['kdevtmpfsi']);
    expect(valuesOf(set, 'file', 'kdevtmpfsi')).toEqual(['kdevtmpfsi']);
    expect(valuesOf(set, 'file', '/kdevtmpfsi/')).toEqual([]);
  });
});
