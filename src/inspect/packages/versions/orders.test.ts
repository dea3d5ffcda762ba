import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { processorClock } from '../../../../tests/support/processor-time.ts';
import type { VersionOrder } from '../version-order.ts';
import { versionOrders } from './registry.generated.ts';

const orders: readonly VersionOrder[] = Object.values(versionOrders);

/** Texts that meet every branch: digits, the words and signs of all orders, and now and then anything. */
const piece = fc.oneof(
  fc.constantFrom('0', '1', '9', '10', '01', '00', '999999999999999999999'),
  fc.constantFrom('.', '-', '_', '~', '^', '+', ':', '!', '#', '-r', 'v'),
  fc.constantFrom(
    'a',
    'alpha',
    'b',
    'beta',
    'rc',
    'pre',
    'dev',
    'post',
    'p',
    'pl',
    'sp',
    'ga',
    'final',
    'snapshot',
    'Z',
  ),
  fc.string({ maxLength: 2, unit: 'binary' }),
);
const version = fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join(''));
const sign = (value: number): number => Math.sign(value) + 0;

describe.each(orders)('the order of versions $id', (order) => {
  it('is reflexive and antisymmetric over all texts', () => {
    fc.assert(
      fc.property(version, version, (left, right) => {
        expect(sign(order.compare(left, left))).toBe(0);
        expect(sign(order.compare(left, right))).toBe(sign(-order.compare(right, left)));
      }),
      { numRuns: 500 },
    );
  });

  it('is transitive over all texts', () => {
    fc.assert(
      fc.property(version, version, version, (one, two, three) => {
        // PHP's one sign that is equal to every number.
        fc.pre(order.id !== 'packagist' || !`${one}${two}${three}`.includes('#'));
        const [low, middle, high] = [one, two, three].sort((a, b) => order.compare(a, b)) as [string, string, string];
        const steps = [order.compare(low, middle), order.compare(middle, high)];
        expect(Math.max(...steps)).toBeLessThanOrEqual(0);
        // One step down makes the whole way down; two equal ones make it equal.
        expect(sign(order.compare(low, high))).toBe(Math.min(...steps.map(sign)));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes time linear in the length', () => {
    for (const unit of ['1', '.', '1.', '0.', 'a', '-', '~', '1a', '-r', '_p', 'alpha0', '+']) {
      const long = unit.repeat(Math.ceil(50_000 / unit.length));
      const takenMs = processorClock();
      order.compare(`${long}1`, `${long}2`);
      order.isValid(`${long}!`);
      expect(takenMs()).toBeLessThan(1500);
    }
  });

  it('knows the plain cases', () => {
    expect(order.compare('1.9.0', '1.10.0')).toBeLessThan(0);
    expect(order.compare('2.0.0', '1.10.0')).toBeGreaterThan(0);
    expect(order.isValid('1.10.0')).toBe(true);
  });
});

describe('orders of versions', () => {
  it('share no ecosystem', () => {
    const names = orders.flatMap(({ ecosystems }) => ecosystems);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each([
    ['deb', '1.0~rc1-1', '1.0-1'],
    ['deb', '2.36-9+deb12u10', '2.36-9+deb12u13'],
    ['apk', '1.31.1-r9', '1.31.1-r10'],
    ['apk', '1.2_rc1', '1.2'],
    ['rpm', '1:1.1.1k-4.el8', '1:1.1.1k-5.el8_5'],
    ['go', 'v0.0.0-20190308221718-c2843e01d9a2', 'v0.0.0-20210921155107-089bfa567519'],
    ['go', 'go1.21rc2', 'go1.21.0'],
    ['go', 'go1.21.9', '1.21.10'],
    ['pep440', '46.1.3', '65.5.1'],
    ['pep440', '1.0.dev1', '1.0a1'],
    ['pep440', '1.0', '1.0.post1'],
    ['gem', '1.0.rc1', '1.0'],
    ['maven', '2.12.2', '2.15.0'],
    ['maven', '1.0-rc1', '1.0'],
    ['nuget', '1.0.0-beta2', '1.0.0'],
    ['nuget', '1.0.0', '1.0.0.1'],
    ['deb', '1.0~~a', '1.0~'],
    ['deb', '9:0', '10:0'],
    ['deb', '1.0a', '1.0+dfsg'],
    ['rpm', '1.0~rc1-1', '1.0-1'],
    ['rpm', '1.0-1', '1.0^git1-1'],
    ['rpm', '1.0^git1-1', '1.0.1-1'],
    ['apk', '1.0_pre1', '1.0_rc1'],
    ['apk', '1.0', '1.0_git20200101'],
    ['apk', '1.0_git20200101', '1.0_p1'],
    ['pep440', '1.0a1.dev1', '1.0a1'],
    ['pep440', '1.0+local', '1.0.post1'],
    ['pep440', '2024.1', '1!0.1'],
    ['maven', '1-milestone-1', '1-rc-1'],
    ['maven', '1-SNAPSHOT', '1'],
    ['maven', '1-sp', '1-foo'],
    ['semver', '1.0.0-alpha.1', '1.0.0-alpha.beta'],
    ['semver', '1.0.0-beta.2', '1.0.0-beta.11'],
    ['gem', '1.0.1.pre', '1.0.1'],
    ['go', 'v1.0.1-0.20200101000000-abcdefabcdef', 'v1.0.1'],
    ['packagist', '1.0-RC1', '1.0'],
    ['packagist', '1.0', '1.0-patch1'],
    ['pub', '1.0.0', '1.0.0+1'],
    ['hackage', '1.0', '1.0.0'],
    ['cran', '1.0-1', '1.0.2'],
  ] as const)('%s: %s comes before %s', (id, low, high) => {
    expect(versionOrders[id].compare(low, high)).toBeLessThan(0);
    expect(versionOrders[id].compare(high, low)).toBeGreaterThan(0);
  });
});
