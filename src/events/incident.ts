import type { Entity } from './entity.ts';
import type { Severity } from './finding.ts';

export interface StoryStep {
  /** µs UTC. */
  readonly time: number;
  readonly text: string;
  /** Id of the finding that tells it. */
  readonly finding: string;
}

/** Why two findings of an incident belong together. */
export interface IncidentLink {
  /** Finding ids, the earlier first. */
  readonly from: string;
  readonly to: string;
  readonly why: string;
  /** 0 to 1. */
  readonly weight: number;
}

/** Findings that share specific entities and time, told as one story. */
export interface Incident {
  /** Stable over runs. */
  readonly id: string;
  readonly title: string;
  /** 0 to 100. */
  readonly risk: number;
  readonly severity: Severity;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly entities: readonly Entity[];
  /** ATT&CK technique ids, in order of first appearance. */
  readonly attack: readonly string[];
  /** Finding ids. */
  readonly findings: readonly string[];
  readonly story: readonly StoryStep[];
  /** What made the risk, by named parts with numbers. */
  readonly risk_parts: readonly { readonly what: string; readonly value: string; readonly points: number }[];
  /** What to do next, most useful first. */
  readonly next: readonly string[];
  /** The links that it grew by, strongest first. */
  readonly links?: readonly IncidentLink[];
}
