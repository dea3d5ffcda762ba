import { describe, expect, it } from 'vitest';
import { dataAge } from './data-age.ts';
import type { StoreSource } from './layout.ts';

function source(from: string, day: string, counts: Readonly<Record<string, number>> = { advisory: 3 }): StoreSource {
  return { from, formats: ['osv'], counts, sha256: '00', bytes: 1, date: `${day}T10:00:00.000Z` };
}

const age = (builtOn: string, sources: readonly StoreSource[]) =>
  dataAge({ builtAt: `${builtOn}T12:00:00.000Z`, sources }, new Date('2026-11-27T12:00:00.000Z'));

describe('the age of a store', () => {
  it('is that of its newest advisories, not of the building', () => {
    const old = source('/mirror/osv', '2026-09-01');
    expect(age('2026-11-27', [old, source('/mirror/kev.json', '2026-11-27', { exploited: 9 })])).toMatchObject({
      day: '2026-09-01',
      days: 87,
    });
    expect(age('2026-11-27', [old, source('/mirror/more', '2026-11-25')])).toMatchObject({
      day: '2026-11-25',
      days: 2,
    });
  });

  it('is no less than that of the building', () => {
    expect(age('2026-10-18', [source('/a', '2026-11-27')])).toMatchObject({ day: '2026-10-18', days: 40 });
    expect(age('2026-10-18', [])).toMatchObject({ day: '2026-10-18', days: 40, left: [] });
  });

  it('names what could not be fetched for long, and no file that its owner wrote once', () => {
    const sources = [
      source('https://a.example/npm.zip', '2026-10-01'),
      source('https://a.example/pypi.zip', '2026-11-26'),
      source('/own/advisories', '2024-01-01'),
    ];
    expect(age('2026-11-27', sources).left).toEqual([{ from: 'https://a.example/npm.zip', day: '2026-10-01' }]);
  });
});
