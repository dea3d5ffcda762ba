import { describe, expect, it } from 'vitest';
import { ritaCode, ritaShipped } from './profile.ts';
import { bandedScore, baseIndicator, severityOf } from './threat-score.ts';

describe('bandedScore', () => {
  it('starts at 0.2 on the base, meets 0.4, 0.6 and 0.8 on the bands, and stops there', () => {
    const bands = ritaCode.longConnection;
    expect([3599, 3600, 14_400, 28_800, 43_200, 1e9].map((seconds) => bandedScore(seconds, bands))).toEqual([
      0, 0.2, 0.4, 0.6, 0.8, 0.8,
    ]);
    expect(bandedScore(14_737.06115, bands)).toBeCloseTo(0.40468, 5);
  });
  it('gives a beacon of 0.586 what each profile makes of it', () => {
    expect(bandedScore(58.6, ritaCode.beacon.bands)).toBeCloseTo(0.2688, 4);
    expect(bandedScore(58.6, ritaShipped.beacon.bands)).toBeCloseTo(0.286, 4);
  });
  it('gives 0 for a value that is no number', () => {
    expect(bandedScore(Number.NaN, ritaCode.subdomains)).toBe(0);
  });
});

describe('severityOf', () => {
  it('puts only what modifiers lifted over 0.8 into critical', () => {
    expect([0.81, 0.8, 0.6, 0.4, 0.2, 0.1].map(severityOf)).toEqual([
      'critical',
      'high',
      'high',
      'medium',
      'low',
      'info',
    ]);
  });
});

describe('baseIndicator', () => {
  it('is the greatest of the five', () => {
    const none = { beacon: 0, longConnection: 0, strobe: 0, subdomains: 0, threatIntel: 0 };
    expect(baseIndicator({ ...none, beacon: 0.5, longConnection: 0.6 })).toEqual({ id: 'longConnection', score: 0.6 });
    expect(baseIndicator({ ...none, strobe: 0.8, threatIntel: 0.8 }).id).toBe('strobe');
  });
});
