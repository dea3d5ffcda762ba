import { describe, expect, it } from 'vitest';
import type { Entity, EntityKind } from '../events/entity.ts';
import { entityKeyOf, findHostInside } from './keys.ts';
import { createMachines } from './machines.ts';
import { entities, finding } from './testdata/scenarios.ts';

const about = (...pairs: (readonly [EntityKind, string])[]) =>
  finding({ detector: 'd', title: 't', entities: entities(...pairs) });

describe('names and addresses of one machine', () => {
  it('are joined by what the store knows, in either direction', () => {
    const machines = createMachines([about(['host', '10.0.0.5']), about(['host', 'WEB01'])], (value) =>
      value === '10.0.0.5' ? ['web01'] : [],
    );
    expect(machines.keyOf('10.0.0.5')).toBe(machines.keyOf('web01'));
  });
  it('are joined as short and full name when only one full name fits', () => {
    const one = createMachines([about(['host', 'web01']), about(['host', 'web01.corp.example'])], undefined);
    expect(one.keyOf('web01')).toBe(one.keyOf('web01.corp.example.'));
    const two = createMachines(
      [about(['host', 'web01'], ['host', 'web01.a.example'], ['host', 'web01.b.example'])],
      undefined,
    );
    expect(two.keyOf('web01')).not.toBe(two.keyOf('web01.a.example'));
  });
  it('are read out of processes and files too', () => {
    const machines = createMachines([about(['process', 'web01/77/java'], ['host', '10.0.0.5'])], (value) =>
      value === 'web01' ? ['10.0.0.5'] : [],
    );
    expect(machines.keyOf('web01')).toBe(machines.keyOf('10.0.0.5'));
  });
  it('stay apart under a name that many machines have', () => {
    const hosts = Array.from({ length: 6 }, (_none, index) => about(['host', `10.0.0.${index}`]));
    const machines = createMachines(hosts, () => ['localhost']);
    expect(new Set(hosts.map((_host, index) => machines.keyOf(`10.0.0.${index}`))).size).toBe(6);
  });
});

describe('the key of an entity', () => {
  it.each<[Entity, Entity]>([
    [
      { kind: 'domain', value: 'X.Evil.example.' },
      { kind: 'domain', value: 'x.evil.example' },
    ],
    [
      { kind: 'address', value: '::ffff:10.0.0.1' },
      { kind: 'host', value: '10.0.0.1' },
    ],
    [
      { kind: 'container', value: 'ABCDEF012345' },
      { kind: 'container', value: 'abcdef012345'.padEnd(64, '0') },
    ],
    [
      { kind: 'vulnerability', value: 'cve-2021-44228' },
      { kind: 'vulnerability', value: 'CVE-2021-44228' },
    ],
  ])('is one for %o and %o', (a, b) => {
    expect(entityKeyOf(a)).toBe(entityKeyOf(b));
  });
  it.each([
    ['process', 'web01/77/java', 'web01'],
    ['process', '/usr/bin/java', undefined],
    ['file', 'web01:/etc/passwd', 'web01'],
    ['file', 'fe80::1:/etc/passwd', 'fe80::1'],
    ['file', 'pc7:C:\\Windows\\a.exe', 'pc7'],
    ['file', '/srv/a:/b', undefined],
    ['file', '', undefined],
  ] as const)('finds the host of %s %s', (kind, value, host) => {
    expect(findHostInside({ kind, value })).toBe(host);
  });
});
