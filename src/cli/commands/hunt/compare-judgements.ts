import { isDeepStrictEqual } from 'node:util';
import type { WhatIf } from '../../../case/service.ts';
import type { Finding, Severity } from '../../../events/finding.ts';
import type { Incident } from '../../../events/incident.ts';

/** One finding or incident that a change touches. */
export interface Difference {
  readonly change: 'gained' | 'lost' | 'changed';
  readonly id: string;
  readonly title: string;
  /** Severity and strength (score or risk) before and after; absent where it is not told. */
  readonly before?: Strength;
  readonly after?: Strength;
  /** Of a lost finding: what silences it. */
  readonly silencedBy?: string;
}

interface Strength {
  readonly severity: Severity;
  readonly value: number;
  /** Findings of an incident. */
  readonly findings?: number;
}

export interface Differences {
  readonly findings: readonly Difference[];
  readonly incidents: readonly Difference[];
}

/** What is told after and not before, before and not after, or otherwise. The most severe first. */
export function compareJudgements({ before, after }: WhatIf): Differences {
  const silencers = new Map(after.suppressed.map(({ finding, by }) => [finding.id, by.id]));
  const findings = differences(before.findings, after.findings, ({ severity, score }: Finding) => ({
    severity,
    value: Math.round(score * 100) / 100,
  }));
  return {
    findings: findings.map((one) => {
      const silencedBy = one.change === 'lost' ? silencers.get(one.id) : undefined;
      return silencedBy === undefined ? one : { ...one, silencedBy };
    }),
    incidents: differences(before.incidents, after.incidents, ({ severity, risk, findings: own }: Incident) => ({
      severity,
      value: risk,
      findings: own.length,
    })),
  };
}

function differences<T extends { readonly id: string; readonly title: string }>(
  before: readonly T[],
  after: readonly T[],
  strengthOf: (one: T) => Strength,
): Difference[] {
  const known = new Map(before.map((one) => [one.id, one]));
  const kept = new Set(after.map(({ id }) => id));
  const list: Difference[] = [];
  for (const one of after) {
    const { id, title } = one;
    const old = known.get(id);
    const is = strengthOf(one);
    if (old === undefined) list.push({ change: 'gained', id, title, after: is });
    else {
      const was = strengthOf(old);
      if (!isDeepStrictEqual(was, is)) list.push({ change: 'changed', id, title, before: was, after: is });
    }
  }
  for (const one of before) {
    if (!kept.has(one.id)) list.push({ change: 'lost', id: one.id, title: one.title, before: strengthOf(one) });
  }
  return list.sort((a, b) => weight(b) - weight(a) || (a.id < b.id ? -1 : 1));
}

function weight({ before, after }: Difference): number {
  return Math.max(before?.value ?? 0, after?.value ?? 0);
}
