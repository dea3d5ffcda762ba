import { describe, expect, it } from 'vitest';
import { versionOrders } from '../versions/registry.generated.ts';
import { complementOf, eventsOf, parseRequirement } from './requirement.ts';

const { gem, semver } = versionOrders;

describe('requirements', () => {
  it.each([
    ['>= 1.0, < 2.0', { low: '1.0', isLowOpen: false, high: '2.0', isHighOpen: true }],
    ['^0.2.3', { low: '0.2.3', isLowOpen: false, high: '0.3', isHighOpen: true }],
    ['^1.2.3', { low: '1.2.3', isLowOpen: false, high: '2', isHighOpen: true }],
    ['~1.2.3', { low: '1.2.3', isLowOpen: false, high: '1.3', isHighOpen: true }],
    ['= 1.4.0', { low: '1.4.0', isLowOpen: false, high: '1.4.0', isHighOpen: false }],
    ['> 1.0', { low: '1.0', isLowOpen: true }],
    ['[2.9.0,2.9.10.7)', { low: '2.9.0', isLowOpen: false, high: '2.9.10.7', isHighOpen: true }],
    ['(,1.0]', { high: '1.0', isHighOpen: false }],
  ])('%s', (text, span) => {
    expect(parseRequirement(text, semver)).toEqual(span);
  });

  it('of Bundler keep all numbers but the last', () => {
    expect(parseRequirement('~> 2.1.4', gem)).toMatchObject({ low: '2.1.4', high: '2.2' });
    expect(parseRequirement('~> 2.1', gem)).toMatchObject({ low: '2.1', high: '3' });
  });

  it('that are none are told apart', () => {
    expect(parseRequirement('latest or newer', semver)).toBeUndefined();
    expect(parseRequirement('>= ', semver)).toBeUndefined();
  });
});

describe('the complement of safe versions', () => {
  it('is what lies between them', () => {
    const safe = ['>= 0.6.14, < 1.0.0', '>= 1.6.1', '< 0.6.3'].flatMap((text) => parseRequirement(text, semver) ?? []);
    expect(complementOf(safe, semver).map(eventsOf)).toEqual([
      [{ introduced: '0.6.3' }, { fixed: '0.6.14' }],
      [{ introduced: '1.0.0' }, { fixed: '1.6.1' }],
    ]);
  });

  it('is everything when nothing is safe, and begins after a version that is', () => {
    expect(complementOf([], semver).map(eventsOf)).toEqual([[{ introduced: '0' }]]);
    const upTo = ['<= 1.5.0', '>= 2.0.0'].flatMap((text) => parseRequirement(text, semver) ?? []);
    expect(complementOf(upTo, semver).map(eventsOf)).toEqual([[{ introduced_after: '1.5.0' }, { fixed: '2.0.0' }]]);
  });

  it('joins spans that overlap', () => {
    const safe = ['>= 1.0, < 3.0', '>= 2.0, < 2.5', '>= 4.0'].flatMap((text) => parseRequirement(text, semver) ?? []);
    expect(complementOf(safe, semver).map(eventsOf)).toEqual([
      [{ introduced: '0' }, { fixed: '1.0' }],
      [{ introduced: '3.0' }, { fixed: '4.0' }],
    ]);
  });
});
