import { describe, expect, it } from 'vitest';
import type { Entity } from '../../events/entity.ts';
import type { Finding } from '../../events/finding.ts';
import { compileSuppressions, dayAfter, suppress } from './suppress.ts';
import { suppressionSchema, type Suppression } from './suppression.ts';

const now = Date.UTC(2026, 10, 26) * 1000;
const base = { id: 's-1', reason: 'known', author: 'ann', created: '2026-11-01' };

function covers(scope: Partial<Suppression>, detector: string, ...entities: Entity[]): boolean {
  return compileSuppressions([{ ...base, ...scope }], now)({ detector, entities }) !== undefined;
}
const host = (value: string): Entity => ({ kind: 'host', value });
const domain = (value: string): Entity => ({ kind: 'domain', value });
const container = (value: string): Entity => ({ kind: 'container', value });
const address = (value: string): Entity => ({ kind: 'address', value });

describe('a suppression', () => {
  it.each<[string, Partial<Suppression>, string, Entity[], boolean]>([
    ['a detector', { detector: 'analytics/beacon' }, 'analytics/beacon', [], true],
    ['a family of detectors', { detector: 'rules/sigma' }, 'rules/sigma/1-2', [], true],
    ['another with the same beginning', { detector: 'analytics/beacon' }, 'analytics/beacons', [], false],
    ['a machine by name', { source: 'web01' }, 'a/b', [host('web01')], true],
    ['a machine in a network', { source: '10.0.0.0/24' }, 'a/b', [host('10.0.0.77')], true],
    ['a machine outside of it', { source: '10.0.0.0/24' }, 'a/b', [host('10.0.1.77')], false],
    ['a domain below the apex', { domain: 'example.com' }, 'a/b', [domain('a.EXAMPLE.com')], true],
    ['a domain with the dot of the root', { domain: 'example.com.' }, 'a/b', [domain('a.example.com')], true],
    [
      'a domain in letters of its own',
      { domain: 'bücher.example' },
      'a/b',
      [domain('www.xn--bcher-kva.example')],
      true,
    ],
    [
      'a container by its whole id',
      { container: `9f2c41d07be8${'0'.repeat(52)}` },
      'a/b',
      [container('9f2c41d07be8')],
      true,
    ],
    [
      'a container by the id that is shown',
      { container: '9f2c41d07be8' },
      'a/b',
      [container(`9f2c41d07be8${'0'.repeat(52)}`)],
      true,
    ],
    ['another container', { container: '9f2c41d07be8' }, 'a/b', [container('9f2c41d07be9')], false],
    ['a domain that only ends alike', { domain: 'example.com' }, 'a/b', [domain('badexample.com')], false],
    [
      'both of two scopes',
      { source: '10.0.0.5', domain: 'example.com' },
      'a/b',
      [host('10.0.0.5'), domain('example.com')],
      true,
    ],
    ['one of two scopes', { source: '10.0.0.5', domain: 'example.com' }, 'a/b', [host('10.0.0.5')], false],
    ['one of two machines', { source: '10.0.0.5' }, 'a/b', [host('10.0.0.5'), host('10.0.0.6')], false],
    ['both of two machines', { source: ['10.0.0.5', '10.0.0.6'] }, 'a/b', [host('10.0.0.5'), host('10.0.0.6')], true],
    ['who does it, whoever it is done to', { from: '10.0.0.5' }, 'a/b', [host('10.0.0.5'), host('10.0.0.6')], true],
    ['whom it is done to', { from: '10.0.0.6' }, 'a/b', [host('10.0.0.5'), host('10.0.0.6')], false],
    ['who does it, by network', { from: '10.0.1.0/24' }, 'a/b', [host('10.0.1.5'), host('10.0.0.6')], true],
    ['an address of version 6', { destination: '2001:db8::/32' }, 'a/b', [address('2001:db8::1')], true],
    ['a file by its beginning', { file: '/opt/app/*' }, 'a/b', [{ kind: 'file', value: 'web01:/opt/app/x' }], true],
  ])('for %s', (_what, scope, detector, entities, is) => {
    expect(covers(scope, detector, ...entities)).toBe(is);
  });

  it('holds until the day of its expiry', () => {
    const finding = { id: 'f', detector: 'a/b', entities: [] } as unknown as Finding;
    const until = (expires: string): number =>
      suppress([finding], [{ ...base, detector: 'a/b', expires }], now).suppressed.length;
    expect(until('2026-11-27')).toBe(1);
    expect(until('2026-11-26')).toBe(0);
    expect(dayAfter(now, 90)).toBe('2027-02-24');
  });

  it('may hold for weak claims only', () => {
    const isSilent = compileSuppressions([{ ...base, detector: 'a', below: 0.6 }], now);
    expect(isSilent({ detector: 'a/b', entities: [], score: 0.59 })).toBeDefined();
    expect(isSilent({ detector: 'a/b', entities: [], score: 0.6 })).toBeUndefined();
    expect(isSilent({ detector: 'a/b', entities: [] })).toBeUndefined();
  });

  it('must name something, give a reason, and have no other fields', () => {
    expect(suppressionSchema.safeParse({ ...base }).success).toBe(false);
    expect(suppressionSchema.safeParse({ ...base, detector: 'a', reason: '' }).success).toBe(false);
    expect(suppressionSchema.safeParse({ ...base, detector: 'a', hosts: 'b' }).success).toBe(false);
    expect(suppressionSchema.safeParse({ ...base, detector: 'a' }).success).toBe(true);
  });
});
