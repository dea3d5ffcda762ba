import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIp } from '../../base/ip.ts';
import { createIdentities } from './identities.ts';
import { readAssets } from './read-assets.ts';

const yaml = `hosts:
  - name: web01
    also: [WEB01.corp.example, 10.20.0.5]
    mac: B8-27-EB-01-02-03
    owner: Anna Berg
    role: payment server
    criticality: critical
    zone: dmz
users:
  - name: anna
    also: ['CORP\\anna', anna@corp.example]
networks:
  - {name: guests, address: 10.99.0.0/16, criticality: 0.1}
  - {name: guest lab, address: 10.99.7.0/24}
`;

describe('a list of assets', () => {
  it('is read from YAML and from CSV alike', () => {
    const { assets, problems } = readAssets('assets.yaml', yaml);
    expect(problems).toEqual([]);
    expect(assets).toMatchObject([
      {
        kind: 'host',
        name: 'web01',
        owner: 'Anna Berg',
        role: 'payment server',
        criticality: 1,
        zone: 'dmz',
        also: ['web01', 'web01.corp.example', '10.20.0.5', 'b8:27:eb:01:02:03'],
      },
      { kind: 'user', name: 'anna', also: ['anna', 'corp\\anna', 'anna@corp.example'], criticality: null },
      { kind: 'network', zone: 'guests', criticality: 0.1 },
      { kind: 'network', zone: 'guest lab' },
    ]);
    const csv = `name,also,mac,owner,role,criticality,zone,kind\nweb01,"WEB01.corp.example;10.20.0.5",b827.eb01.0203,Anna Berg,payment server,critical,dmz,\n`;
    expect(readAssets('assets.csv', csv)).toEqual({ assets: assets.slice(0, 1), problems: [] });
  });

  it('tells each wrong entry with its line and keeps the others', () => {
    const csv = 'name,ownr,criticality\nweb01,Anna,huge\nweb02,Bo,low\n,,\n"web03\n';
    const { assets, problems } = readAssets('a.csv', csv);
    expect(assets.map(({ name }) => name)).toEqual(['web02']);
    expect(problems.map(({ at, message }) => [at.line, message])).toEqual([
      [1, 'there is no column "ownr"; did you mean "owner"?'],
      [2, 'the criticality "huge" of web01 is none of low, medium, high, critical, or a number from 0 to 1'],
      [4, 'an asset without a name'],
      [5, 'a line with a quote that is not closed, or with more fields than the header has'],
    ]);
    const broken = readAssets('a.yaml', 'hosts:\n  - {name: a, rol: x}\n  - 5\nhosts2: []\nnetworks: [{name: n}]\n');
    expect(broken.assets.map(({ name }) => name)).toEqual(['a']);
    expect(broken.problems.map(({ at, message }) => [at.line, message])).toEqual([
      [2, 'there is no column "rol"; did you mean "role"?'],
      [3, 'an entry of hosts that is no map'],
      [4, '"hosts2" is none of the lists hosts, users and networks'],
      [5, 'the network n has no address range such as 10.20.0.0/16'],
    ]);
    expect(readAssets('a.yaml', 'hosts: [').problems).toHaveLength(1);
    expect(readAssets('a.yaml', '').problems).toHaveLength(1);
  });

  it('stands any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('a.csv', 'a.yaml'), (text, name) => {
        const { assets, problems } = readAssets(name, text);
        expect(assets.every(({ name: own }) => own !== '')).toBe(true);
        expect(problems.every(({ at }) => (at.line ?? 0) > 0)).toBe(true);
      }),
    );
  });
});

describe('identities', () => {
  const identities = createIdentities(readAssets('assets.yaml', yaml).assets);
  const recognise = (ip: string, mac: string | null = null, names: readonly string[] = []) => {
    const found = identities.recognise({ ip, mac, names });
    return found === undefined ? undefined : [found.asset.name, found.by];
  };

  it('recognise a machine by its entry, its card, its name, or its network', () => {
    expect(recognise('10.20.0.5')).toEqual(['web01', 'list']);
    expect(recognise('10.1.1.1', 'b8:27:eb:01:02:03')).toEqual(['web01', 'mac']);
    expect(recognise('10.1.1.1', null, ['other', 'web01.branch.example'])).toEqual(['web01', 'name']);
    expect(recognise('10.99.1.1')).toEqual(['guests', 'range']);
    expect(recognise('10.99.7.9')).toEqual(['guest lab', 'range']);
    expect(recognise('10.1.1.1')).toBeUndefined();
  });

  it('find the smallest of networks inside each other, as a look through all of them does', () => {
    const cidr = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 9, max: 30 }));
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 30 }), fc.array(fc.nat(255 * 256), { maxLength: 20 }), (drawn, asked) => {
        const lines = drawn.map(([part, bits], index) => `network,n${index},10.0.${part}.0/${bits}`);
        const { assets } = readAssets('a.csv', ['kind,name,address', ...lines].join('\n'));
        const found = createIdentities(assets);
        for (const number of asked) {
          const ip = `10.0.${number >> 8}.${number & 255}`;
          const value = parseIp(ip) ?? 0n;
          const sizes = assets
            .filter(({ range }) => range !== undefined && range.first <= value && value <= range.last)
            .map(({ range }) => (range === undefined ? 0n : range.last - range.first));
          const range = found.recognise({ ip, mac: null, names: [] })?.asset.range;
          const smallest = sizes.reduce<bigint | undefined>(
            (least, size) => (least === undefined || size < least ? size : least),
            undefined,
          );
          expect(range === undefined ? undefined : range.last - range.first).toBe(smallest);
        }
      }),
    );
  });

  it('know an address however it is written', () => {
    const { assets } = readAssets('a.csv', 'name,address\nweb02,2001:DB8:0::0:5\n');
    expect(createIdentities(assets).listed('host', '2001:db8::5')?.name).toBe('web02');
  });

  it('keep people and machines of one name apart', () => {
    expect(identities.listed('user', 'CORP\\Anna')?.name).toBe('anna');
    expect(identities.listed('host', 'anna')).toBeUndefined();
  });
});
