import type { RitaBeacon } from './beacon-score.ts';
import { strobeConnections, type RitaProfile } from './profile.ts';

/** One pair that RITA keeps: a host and a name (`fqdn`), or two addresses. */
export interface RitaPair {
  /** Of a pair of addresses its number in `threat_pair`; 0 for the others. */
  readonly number: number;
  readonly source: string;
  /** Empty for a name. */
  readonly destination: string;
  /** Empty for a pair of addresses. */
  readonly fqdn: string;
  readonly count: number;
  readonly proxyCount: number;
  readonly openCount: number;
  readonly missingHostCount: number;
  readonly uniqueTimes: number;
  /** Seconds, open connections included. */
  readonly totalDuration: number;
  readonly totalBytes: number;
  readonly serverIps: readonly string[];
  readonly proxyIps: readonly string[];
  /** `443:tcp:ssl`, `icmp:8/0`. */
  readonly ports: readonly string[];
  /** Seconds. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** Internal hosts that use the destination. */
  readonly prevalence: number;
  /** Undefined when it cannot be a beacon. */
  readonly beacon: RitaBeacon | undefined;
}

/** What RITA cuts its lists to. */
export const maxServers = 10;
export const maxPorts = 20;
/** Requests of one connection that RITA keeps. */
export const maxRequests = 20;

/** Key of a pair: what RITA hashes. */
export function pairKey(source: string, other: string): string {
  return `${source} ${other}`;
}

/** SQL over `n`, `unique_times` and `duration` (µs) of a pair: it can be a beacon, or is a long connection or a strobe. */
export function isThreat(profile: RitaProfile): string {
  return `(${canBeacon(profile)} OR ${isLong('duration', profile)} OR n >= ${strobeConnections})`;
}

export function canBeacon(profile: RitaProfile): string {
  return `(n > 0 AND unique_times >= ${profile.beacon.minimumUniqueTimes} AND n < ${strobeConnections})`;
}

/** SQL: a sum of durations in µs that makes a long connection. */
export function isLong(duration: string, profile: RitaProfile): string {
  return `${duration} >= ${profile.longConnection.base * 1_000_000}`;
}
