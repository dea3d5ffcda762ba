import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '../../events/finding.ts';
import { suppress } from './suppress.ts';
import type { Suppression } from './suppression.ts';
import { widthOf, type Width } from './width.ts';

const now = Date.UTC(2026, 10, 26) * 1000;
const base = { id: 's-1', reason: 'known', author: 'ann', created: '2026-11-01' };

function finding(index: number, severity: Severity, detector: string, host: string): Finding {
  const entities = [{ kind: 'host', value: host }];
  return { id: `f-${index}`, detector, title: `finding ${index}`, severity, entities } as unknown as Finding;
}

const found = Array.from({ length: 12 }, (_none, index) =>
  finding(index, index === 7 ? 'critical' : 'low', 'analytics/beacon', index < 8 ? '10.0.0.5' : '10.0.0.6'),
);

function width(scope: Partial<Suppression>, before: Suppression[] = []): Width {
  const entry = { ...base, ...scope };
  const { kept, suppressed } = suppress(found, [...before, entry], now);
  return widthOf(entry, { findings: kept, suppressed, ran: ['analytics/beacon', 'rules/sigma/a-1'] }, now);
}

describe('the width of a suppression', () => {
  it('counts what it silences, and what an entry before it does', () => {
    expect(width({ source: '10.0.0.6' })).toEqual({ hits: 4, covers: 4, warnings: [] });
    const before = { ...base, id: 's-0', source: '10.0.0.6' };
    expect(width({ source: '10.0.0.6' }, [before])).toEqual({ hits: 0, covers: 4, warnings: [] });
  });

  it('names what is grave, and a share that is most of all', () => {
    expect(width({ source: '10.0.0.5' }).warnings).toEqual([
      '1 of what it covers is high or critical: finding 7 (critical)',
      'it covers 8 of all 12 findings',
    ]);
  });

  it.each<[string, Partial<Suppression>, string | undefined]>([
    [
      'a domain below which anybody has a name',
      { domain: '*.co.uk' },
      '"co.uk" is nobody\'s own: anybody can have a name below it',
    ],
    ['a domain of one', { domain: 'updates.example' }, undefined],
    ["a domain of one's own network", { domain: 'corp' }, undefined],
    ['half of all addresses', { destination: '128.0.0.0/1' }, '128.0.0.0/1 is more than a network of one organisation'],
    ['a network of one organisation', { destination: ['10.1.0.0/16', '2001:db8::/32'] }, undefined],
    ['all addresses of version 6', { destination: '::/0' }, '::/0 is more than a network of one organisation'],
    ['a whole family', { detector: 'alerts' }, '"alerts" is every detector of that family, and no place is given'],
    ['a family on one machine', { detector: 'rules', source: '10.0.0.9' }, undefined],
    ['a rule that ran', { detector: 'rules/sigma/a-1' }, undefined],
    [
      'a mistyped detector',
      { detector: 'analytics/bacon' },
      'no detector "analytics/bacon" ran or told anything here; the nearest is analytics/beacon',
    ],
    ['every program', { executable: '/*' }, 'executable "/*" is every one'],
    [
      'an entry that is over',
      { detector: 'rules', expires: '2026-11-26' },
      'it has been over since 2026-11-26 and silences nothing',
    ],
  ])('warns of %s where it must', (_what, scope, warning) => {
    expect(width(scope).warnings).toEqual(warning === undefined ? [] : [warning]);
  });
});
