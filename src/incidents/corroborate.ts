import { microsPerMinute } from '../base/time.ts';
import type { Claim } from './claim.ts';

/** Clocks of two sensors, and the time that one takes to speak, differ by less than this. */
const sameEventMicros = 5 * microsPerMinute;

/**
 * Alerts of other tools that describe what a finding of ours describes: keys are indexes of the alerts, values those of
 * our claims. They are a second witness of the same step, not a step of their own.
 */
export function findWitnesses(claims: readonly Claim[]): Map<number, number> {
  const witnesses = new Map<number, number>();
  const own = claims.filter((claim) => !isImported(claim));
  for (const alert of claims.filter(isImported)) {
    const seen = own
      .filter((claim) => isSameEvent(alert, claim))
      .sort((a, b) => Math.abs(a.first - alert.first) - Math.abs(b.first - alert.first) || a.index - b.index)[0];
    if (seen !== undefined) witnesses.set(alert.index, seen.index);
  }
  return witnesses;
}

function isImported(claim: Claim): boolean {
  return claim.lead.detector.startsWith('alerts/');
}

function isSameEvent(alert: Claim, claim: Claim): boolean {
  if (alert.first > claim.last + sameEventMicros || alert.last < claim.first - sameEventMicros) return false;
  const isSameAct = alert.tactics.length === 0 || alert.tactics.some((tactic) => claim.tactics.includes(tactic));
  if (!isSameAct) return false;
  const shared = [...alert.handles.keys()].filter((key) => claim.handles.has(key)).map((key) => claim.handles.get(key));
  return shared.some((handle) => handle?.category === 'far' || handle?.category === 'thing');
}
