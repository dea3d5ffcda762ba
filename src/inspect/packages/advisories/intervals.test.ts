import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { versionOrders } from '../versions/registry.generated.ts';
import { affectedIntervals, isInside } from './intervals.ts';
import type { OsvAffected, OsvEvent } from './osv.ts';

const { apk, semver } = versionOrders;

function affected(events: readonly OsvEvent[], more: Partial<OsvAffected> = {}): OsvAffected {
  return { ecosystem: 'npm', name: 'x', versions: [], severity: [], ranges: [{ type: 'SEMVER', events }], ...more };
}

function isAffected(version: string, events: readonly OsvEvent[], more: Partial<OsvAffected> = {}): boolean {
  const { intervals } = affectedIntervals(affected(events, more), semver);
  return intervals.some((interval) => isInside(version, interval, semver));
}

describe('affected intervals', () => {
  it('take each beginning with the next end, in any order of the events', () => {
    const events = [{ fixed: '2.4.1' }, { introduced: '2.0.0' }, { introduced: '0' }, { fixed: '1.2.0' }];
    expect(affectedIntervals(affected(events), semver).intervals).toEqual([
      { to: '1.2.0' },
      { from: '2.0.0', to: '2.4.1' },
    ]);
    expect(isAffected('1.1.9', events)).toBe(true);
    expect(isAffected('1.2.0', events)).toBe(false);
    expect(isAffected('2.4.0', events)).toBe(true);
  });

  it('keep the last affected version in, and what begins where another range ends', () => {
    expect(isAffected('1.5.0', [{ introduced: '1.0.0' }, { last_affected: '1.5.0' }])).toBe(true);
    expect(isAffected('1.5.1', [{ introduced: '1.0.0' }, { last_affected: '1.5.0' }])).toBe(false);
    const touching = [{ introduced: '0' }, { fixed: '1.0.0' }, { introduced: '1.0.0' }, { fixed: '2.0.0' }];
    expect(isAffected('1.0.0', touching)).toBe(true);
  });

  it('begin with the first version when they are turned round (google/osv.dev#5634)', () => {
    const perl = affected([{ introduced: '5.28.0' }, { fixed: '5.26.3-r0' }]);
    expect(affectedIntervals(perl, apk)).toEqual({ intervals: [{ to: '5.26.3-r0' }], isNever: false });
    const equal = affected([{ introduced: '1.0.0' }, { fixed: '1.0.0' }]);
    expect(affectedIntervals(equal, semver).intervals).toEqual([{ to: '1.0.0' }]);
  });

  it('are none when the fix is version 0: the package never had the fault (google/osv.dev#4165)', () => {
    expect(affectedIntervals(affected([{ introduced: '0' }, { fixed: '0' }]), apk)).toEqual({
      intervals: [],
      isNever: true,
    });
    expect(affectedIntervals(affected([], { state: 'not-affected' }), apk).isNever).toBe(true);
  });

  it('end at the last known version where no range says so, without calling it the fix', () => {
    const [open] = affectedIntervals(affected([{ introduced: '2.1.0' }], { lastKnown: '< 2.1.3' }), semver).intervals;
    expect(open).toEqual({ from: '2.1.0', to: '2.1.3', isUnfixed: true });
    expect(isAffected('9.0.5', [{ introduced: '9.0.0' }], { lastKnown: '<= 9.0.5' })).toBe(true);
    expect(isAffected('9.0.6', [{ introduced: '9.0.0' }], { lastKnown: '<= 9.0.5' })).toBe(false);
  });

  it('leave commits out', () => {
    const git = affected([], { ranges: [{ type: 'GIT', events: [{ introduced: '0' }, { fixed: 'abc' }] }] });
    expect(affectedIntervals(git, semver)).toEqual({ intervals: [], isNever: false });
  });

  it('agree with the plain reading of well-formed ranges', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 0, max: 60 }), (points, version) => {
        const sorted = [...points].sort((a, b) => a - b);
        const marks = sorted.length % 2 === 0 ? sorted : sorted.slice(1);
        const events = marks.map((at, index) =>
          index % 2 === 0 ? { introduced: `${at}.0.0` } : { fixed: `${at}.0.0` },
        );
        const passed = marks.filter((at) => at <= version).length;
        expect(isAffected(`${version}.0.0`, events.toReversed())).toBe(passed % 2 === 1);
      }),
    );
  });
});
