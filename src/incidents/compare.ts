import { microsPerDay, microsPerHour } from '../base/time.ts';
import { stageOf } from './attack-tactics.ts';
import type { Claim, Handle, HandleCategory } from './claim.ts';
import { isAtLeast, type Measures } from './measures.ts';

/** Two claims that belong together, and why. */
export interface Link {
  readonly a: number;
  readonly b: number;
  /** 0 to 1. */
  readonly weight: number;
  /** In words; made only where it is wanted, there are many links. */
  readonly why: () => string;
  /** Key of the handle that carries most of it. */
  readonly key: string;
  /** Both happened on one machine. */
  readonly onOneHost: boolean;
  /** Nothing but the place is shared. */
  readonly byPlaceOnly: boolean;
}

/** How fast a shared handle loses meaning with time, and when it carries nothing any more. */
const fading: Record<HandleCategory, { readonly halfWay: number; readonly end: number }> = {
  place: { halfWay: 6 * microsPerHour, end: microsPerDay },
  thing: { halfWay: 7 * microsPerDay, end: 30 * microsPerDay },
  far: { halfWay: 7 * microsPerDay, end: 30 * microsPerDay },
  trait: { halfWay: microsPerDay, end: 7 * microsPerDay },
};
/** What a shared handle keeps while the earlier claim is still going on, however long ago it began. */
const stillRunning = 0.65;

/** Low findings and weaknesses are on every host: that they share one says nothing. */
export function holdsByPlace(claim: Claim): boolean {
  return !claim.isWeakness && isAtLeast(claim.severity, 'medium');
}

/** A vulnerability found where it was also attacked. When it was scanned does not matter. */
function usedWeakness(a: Claim, b: Claim): Hold | undefined {
  if (a.isWeakness === b.isWeakness) return undefined;
  const shared = [...a.handles.values()].filter((handle) => b.handles.has(handle.key));
  const vulnerability = shared.find((handle) => handle.entity.kind === 'vulnerability');
  const isSamePlace = shared.some((handle) => handle.category === 'place' || handle.entity.kind === 'image');
  if (vulnerability === undefined || !isSamePlace) return undefined;
  return { weight: 0.5, handle: vulnerability, other: vulnerability };
}

/** One shared handle, as it stands on either side. */
interface Hold {
  readonly weight: number;
  readonly handle: Handle;
  readonly other: Handle;
}

/** The link of two claims by all that they share; undefined when that is nothing. */
export function linkBetween(earlier: Claim, later: Claim, measures: Measures): Link | undefined {
  const best = new Map<HandleCategory, Hold>();
  const [few, many] = earlier.handles.size <= later.handles.size ? [earlier, later] : [later, earlier];
  for (const handle of few.handles.values()) {
    const other = many.handles.get(handle.key);
    if (other === undefined) continue;
    const weight = weightOf(handle, other, earlier, later, measures);
    if (weight > (best.get(handle.category)?.weight ?? 0)) best.set(handle.category, { weight, handle, other });
  }
  const used = usedWeakness(earlier, later);
  if (used !== undefined) best.set('trait', used);
  const holds = [...best.values()].sort((a, b) => b.weight - a.weight);
  const strongest = holds[0];
  if (strongest === undefined) return undefined;
  const place = best.get('place');
  return {
    a: earlier.index,
    b: later.index,
    weight: 1 - holds.reduce((rest, hold) => rest * (1 - hold.weight), 1),
    why: () => holds.map(whyOf).join(', '),
    key: strongest.handle.key,
    onOneHost: earlier.subject !== undefined && (earlier.subject === later.subject || (place?.weight ?? 0) > 0),
    byPlaceOnly: holds.length === 1 && place === strongest,
  };
}

function weightOf(handle: Handle, other: Handle, earlier: Claim, later: Claim, measures: Measures): number {
  const specificity = Math.min(measures.specificity(handle), measures.specificity(other));
  const weight = specificity * rolesFactor(handle, other) * timeFactor(handle.category, earlier, later);
  if (weight === 0) return 0;
  switch (handle.category) {
    case 'place':
      return weight * placeFactor(earlier, later, measures);
    case 'far':
      return weight * strengthFactor(earlier, later) * carrierFactor(handle, earlier, later, measures);
    case 'trait':
    case 'thing':
      return weight * strengthFactor(earlier, later);
  }
}

/** Two texts that name the same thing prove nothing; one that names what the other claim is about does. */
function rolesFactor(a: Handle, b: Handle): number {
  const roles = [a.role, b.role];
  if (roles.includes('named')) return roles.includes('own') || roles.includes('peer') ? 0.9 : 0;
  if (roles.every((role) => role === 'resolved')) return 0.4;
  return roles.includes('resolved') ? 0.75 : 1;
}

function timeFactor(category: HandleCategory, earlier: Claim, later: Claim): number {
  const { halfWay, end } = fading[category];
  const sinceEnd = Math.max(0, later.first - earlier.last);
  if (sinceEnd > end) return 0;
  const fade = (gapMicros: number): number => 2 ** (-gapMicros / halfWay);
  const sinceStart = fade(later.first - earlier.first);
  if (category === 'place' && !isControl(earlier)) return sinceStart;
  return Math.max(sinceStart, stillRunning * fade(sinceEnd));
}

/** While an implant is called home to, what happens on its host may be its doing; a rule that fires all day makes no such claim. */
function isControl(claim: Claim): boolean {
  return claim.tactics.includes('command-and-control');
}

/** Place alone links only what is strong, near in time, unusual, and the next step of an intrusion. */
function placeFactor(earlier: Claim, later: Claim, measures: Measures): number {
  if (!holdsByPlace(earlier) || !holdsByPlace(later)) return 0;
  const strength = (claim: Claim): number => (isAtLeast(claim.severity, 'high') ? 1 : 0.8);
  const unusual = measures.unusualness(earlier) * measures.unusualness(later);
  return strength(earlier) * strength(later) * unusual * progressFactor(earlier, later);
}

function progressFactor(earlier: Claim, later: Claim): number {
  if (earlier.tactics.length === 0 || later.tactics.length === 0) return 0.7;
  const fresh = later.tactics.filter((tactic) => !earlier.tactics.includes(tactic));
  if (fresh.length === 0) return 0.5;
  const from = Math.min(...earlier.tactics.map(stageOf));
  return Math.max(...fresh.map(stageOf)) >= from ? 1 : 0.8;
}

function strengthFactor(earlier: Claim, later: Claim): number {
  const strength = (claim: Claim): number => {
    if (claim.isWeakness || claim.severity === 'info') return 0.6;
    return claim.severity === 'low' ? 0.8 : 1;
  };
  return strength(earlier) * strength(later);
}

/**
 * An address beside which each claim names something else is what carries them (a proxy, a resolver, shared hosting),
 * not what both are about. Where it is known to be rare, that is less sure.
 */
function carrierFactor(handle: Handle, earlier: Claim, later: Claim, measures: Measures): number {
  if (handle.entity.kind !== 'address') return 1;
  const targets = farSidesBeside(handle, earlier);
  const others = farSidesBeside(handle, later);
  if (targets.length === 0 || others.length === 0) return 1;
  if (targets.some((target) => others.includes(target))) return 1;
  return measures.isKnownRare(handle) ? 0.6 : 0.4;
}

function farSidesBeside(handle: Handle, claim: Claim): string[] {
  const far = [...claim.handles.values()].filter(({ category, role }) => category === 'far' && role === 'own');
  return far.flatMap(({ key }) => (key === handle.key ? [] : key));
}

function whyOf({ handle, other }: Hold): string {
  const { kind, value } = handle.role === 'own' ? handle.entity : other.entity;
  const roles = [handle.role, other.role];
  if (roles.includes('named')) return `one names ${kind} ${value}, which the other is about`;
  if (roles.includes('resolved')) return `a name resolved to ${value}`;
  return handle.category === 'place' ? `near in time on ${kind} ${value}` : `same ${kind} ${value}`;
}
