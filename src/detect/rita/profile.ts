import type { BeaconSettings } from './beacon-score.ts';

/** Values where an indicator begins, and where its low, medium and high bands end. */
export interface ScoreBands {
  readonly base: number;
  readonly low: number;
  readonly medium: number;
  readonly high: number;
}

/** A complete set of RITA's numbers. Scores and modifiers are shares, durations seconds, ages days. */
export interface RitaProfile {
  readonly beacon: BeaconSettings & { readonly minimumUniqueTimes: number; readonly bands: ScoreBands };
  readonly longConnection: ScoreBands;
  readonly subdomains: ScoreBands;
  readonly strobeScore: number;
  readonly threatIntelScore: number;
  readonly modifiers: {
    /** Added at or below `rare`, taken away at or above `common` (share of the internal hosts). */
    readonly prevalence: {
      readonly increase: number;
      readonly rare: number;
      readonly decrease: number;
      readonly common: number;
    };
    /** Added up to `young` days, taken away from `old` days on. Of rolling data sets only. */
    readonly firstSeen: {
      readonly increase: number;
      readonly young: number;
      readonly decrease: number;
      readonly old: number;
    };
    readonly missingHost: number;
    readonly rareSignature: number;
    readonly mimeMismatch: number;
    readonly threatIntelBytes: { readonly increase: number; readonly threshold: number };
    readonly noDirectConnections: number;
  };
}

/** Connections of one pair in 24 hours from which on it is a strobe: one a second. */
export const strobeConnections = 86_400;

/** Defaults compiled into RITA v5.1.1, which its own tests run with. */
export const ritaCode: RitaProfile = {
  beacon: {
    weights: { timestamps: 0.25, sizes: 0.25, duration: 0.25, histogram: 0.25 },
    histogram: { sensitivity: 0.05, outliers: 1, minimumHours: 11, bins: 24 },
    durationMinimumHours: 6,
    durationIdealHours: 12,
    minimumUniqueTimes: 4,
    bands: { base: 50, low: 75, medium: 90, high: 100 },
  },
  longConnection: { base: 3600, low: 14_400, medium: 28_800, high: 43_200 },
  subdomains: { base: 100, low: 500, medium: 800, high: 1000 },
  strobeScore: 0.8,
  threatIntelScore: 0.8,
  modifiers: {
    prevalence: { increase: 0, rare: 0.02, decrease: 0, common: 0.5 },
    firstSeen: { increase: 0.15, young: 7, decrease: 0.15, old: 30 },
    missingHost: 0.1,
    rareSignature: 0,
    mimeMismatch: 0.15,
    threatIntelBytes: { increase: 0.15, threshold: 25_000_000 },
    noDirectConnections: 0.15,
  },
};

/** What RITA's shipped `default_config.hjson` sets. */
export const ritaShipped: RitaProfile = {
  ...ritaCode,
  beacon: { ...ritaCode.beacon, bands: { base: 50, low: 70, medium: 90, high: 100 } },
  modifiers: {
    ...ritaCode.modifiers,
    prevalence: { increase: 0.15, rare: 0.02, decrease: 0.15, common: 0.5 },
    rareSignature: 0.15,
  },
};

export const ritaProfiles = { 'rita-code': ritaCode, 'rita-shipped': ritaShipped } as const;
export type RitaProfileId = keyof typeof ritaProfiles;
