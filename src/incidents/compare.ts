import type { Claim, Handle, HandleCategory } from './claim.ts';
import {
  carrierFactor,
  knockFactor,
  placeFactor,
  readersFactor,
  rolesFactor,
  strengthFactor,
  timeFactor,
} from './factors.ts';
import type { Measures } from './measures.ts';

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
  const strength = strengthFactor(earlier, later);
  switch (handle.category) {
    case 'place':
      return weight * placeFactor(earlier, later, measures);
    case 'far':
      return weight * strength * carrierFactor(handle, earlier, later, measures) * knockFactor(earlier, later);
    case 'trait':
      if (earlier.subject === later.subject && measures.isUsualUser(handle, earlier.subject)) return 0;
      return weight * strength * knockFactor(earlier, later) * readersFactor(handle, earlier, later);
    case 'thing':
      return weight * strength * readersFactor(handle, earlier, later);
  }
}

function whyOf({ handle, other }: Hold): string {
  const { kind, value } = handle.role === 'own' ? handle.entity : other.entity;
  const roles = [handle.role, other.role];
  if (roles.every((role) => role === 'named')) return `both name ${kind} ${value}`;
  if (roles.includes('named')) return `one names ${kind} ${value}, which the other is about`;
  if (roles.includes('resolved')) return `a name resolved to ${value}`;
  return handle.category === 'place' ? `near in time on ${kind} ${value}` : `same ${kind} ${value}`;
}
