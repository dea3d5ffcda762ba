import { describe, expect, it } from 'vitest';
import { createLocalNetworks } from '../../../base/networks.ts';
import { IndicatorMatcher } from '../../../match/indicators/matcher.ts';
import { observablesOf } from '../../../match/indicators/observables.ts';
import { IndicatorSetBuilder } from '../../../match/indicators/set-builder.ts';
import { findingsOf } from './findings.ts';
import { groupSightings } from './grouping.ts';
import { sightingOf, type Sighting } from './sighting.ts';
import { event } from './test-case.ts';

describe('findingsOf', () => {
  it('takes a whole internet of listed scanners, and tells it in one finding', () => {
    const builder = new IndicatorSetBuilder();
    const facts = { description: null, confidence: 40, expires_at: null };
    builder.add('scanners', { kind: 'cidr', value: '45.0.0.0/8', ...facts });
    const matcher = new IndicatorMatcher({ set: builder.build(), asOf: 0 });
    const observable = observablesOf('flow').find((each) => each.role === 'source');
    if (observable === undefined) throw new RangeError('flows have a source');
    const sightings = Array.from({ length: 150_000 }, (_none, index): Sighting => {
      const source = `45.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`;
      const flow = event('flow', { source_ip: source, destination_ip: '10.0.0.80', conn_state: 'S0' });
      return sightingOf(flow, observable, source);
    });
    const { cases } = groupSightings(sightings, matcher, createLocalNetworks());
    const findings = findingsOf(cases);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      title: '10.0.0.80 was tried by 150000 addresses listed by scanners',
      severity: 'info',
      count: 150_000,
    });
    expect(findings[0]?.entities).toHaveLength(21);
    expect(findings[0]?.evidence).toHaveLength(20);
  });
});
