import { describe, expect, it } from 'vitest';
import { compileSuppressions } from '../incidents/suppress/suppress.ts';
import { silencingOf, zonesSchema } from './zones.ts';

const now = Date.UTC(2026, 10, 26) * 1000;
const zones = zonesSchema.parse({
  guests: { networks: ['10.9.0.0/16'], thresholds: { 'analytics/beacon': 0.8 } },
  office: {
    networks: ['10.1.0.0/16', '2001:db8:1::/48'],
    allow: [{ detector: 'analytics/cloud-c2', domain: 'chat.example', reason: 'our chat', expires: '2026-12-01' }],
  },
});
const silencer = (detector: string, score: number, host: string, domain?: string): string | undefined =>
  compileSuppressions(
    silencingOf(zones),
    now,
  )({
    detector,
    score,
    entities: [
      { kind: 'host', value: host },
      ...(domain === undefined ? [] : [{ kind: 'domain', value: domain } as const]),
    ],
  })?.id;

describe('zones', () => {
  it.each([
    ['analytics/beacon', 0.79, '10.9.1.1', undefined, 'zone guests, threshold of analytics/beacon'],
    ['analytics/beacon', 0.8, '10.9.1.1', undefined, undefined],
    ['analytics/beacon', 0.5, '10.1.1.1', undefined, undefined],
    ['analytics/cloud-c2', 0.9, '2001:db8:1::5', 'api.chat.example', 'zone office, allowed 1'],
    ['analytics/cloud-c2', 0.9, '10.1.2.3', 'other.example', undefined],
    ['analytics/cloud-c2', 0.9, '10.9.2.3', 'chat.example', undefined],
  ])('silence %s of %d on %s about %s: %s', (detector, score, host, domain, by) => {
    expect(silencer(detector, score, host, domain)).toBe(by);
  });

  it.each([
    [{ z: { networks: [] } }],
    [{ z: { networks: ['10.0.0.300/8'] } }],
    [{ z: { networks: ['10.0.0.0/8'], thresholds: { 'analytics/beacn': 0.5 } } }],
    [{ z: { networks: ['10.0.0.0/8'], thresholds: { 'analytics/beacon': 1.5 } } }],
    [{ z: { networks: ['10.0.0.0/8'], allow: [{ reason: 'all' }] } }],
    [{ z: { networks: ['10.0.0.0/8'], allow: [{ domain: 'a.example' }] } }],
  ])('refuse what has a mistake in it: %j', (value) => {
    expect(zonesSchema.safeParse(value).success).toBe(false);
  });
});
