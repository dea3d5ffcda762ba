import { createLocalNetworks } from '../base/networks.ts';
import { microsPerDay, microsPerHour } from '../base/time.ts';
import { stageOf } from './attack-tactics.ts';
import type { Claim, Handle, HandleCategory } from './claim.ts';
import { isAtLeast, type Measures } from './measures.ts';

const networks = createLocalNetworks();

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

/** ATT&CK's Hardware Additions: the machine itself is what came in, so that whatever it does is part of that. */
export function isBroughtIn(claim: Claim): boolean {
  return claim.lead.attack.includes('T1200');
}

/**
 * What a text names and the other claim is about is as good as said outright. That two texts name the same outside
 * address is telling; that both hold something like a DNS name is not, file names look the same.
 */
export function rolesFactor(a: Handle, b: Handle): number {
  const roles = [a.role, b.role];
  if (roles.every((role) => role === 'named')) return isOutside(a) ? 0.75 : 0;
  if (roles.includes('named')) return roles.includes('resolved') ? 0 : 0.9;
  if (roles.every((role) => role === 'resolved')) return 0.4;
  return roles.includes('resolved') ? 0.75 : 1;
}

function isOutside({ entity: { kind, value } }: Handle): boolean {
  return kind === 'address' && !networks.isLocal(value) && !networks.isGroup(value);
}

export function timeFactor(category: HandleCategory, earlier: Claim, later: Claim): number {
  const { halfWay, end } = fading[category];
  const sinceEnd = Math.max(0, later.first - earlier.last);
  if (sinceEnd > end) return 0;
  const fade = (gapMicros: number): number => 2 ** (-gapMicros / halfWay);
  const sinceStart = fade(later.first - earlier.first);
  if (category === 'place' && !isControl(earlier) && !isBroughtIn(earlier)) return sinceStart;
  return Math.max(sinceStart, stillRunning * fade(sinceEnd));
}

/** While an implant is called home to, what happens on its host may be its doing; a rule that fires all day makes no such claim. */
function isControl(claim: Claim): boolean {
  return claim.tactics.includes('command-and-control');
}

/** Place alone links only what is strong, or about a machine that was brought in; near in time, unusual, and the next step of an intrusion. */
export function placeFactor(earlier: Claim, later: Claim, measures: Measures): number {
  const isAbout = [earlier, later].some(isBroughtIn) && !earlier.isWeakness && !later.isWeakness;
  if (!isAbout && (!holdsByPlace(earlier) || !holdsByPlace(later))) return 0;
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

export function strengthFactor(earlier: Claim, later: Claim): number {
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
export function carrierFactor(handle: Handle, earlier: Claim, later: Claim, measures: Measures): number {
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

const reading = new Set<string>(['credential-access', 'discovery', 'collection']);

/**
 * What was read stood there before: that a backup and a stranger both read the password hashes, as root, makes no story of
 * the two. What one program wrote and another one changed does.
 */
export function readersFactor({ entity }: Handle, earlier: Claim, later: Claim): number {
  if (!['file', 'user'].includes(entity.kind) || ![earlier, later].every(isReading)) return 1;
  const [programs, others] = [programsOf(earlier), programsOf(later)];
  if (programs.length === 0 || others.length === 0) return 1;
  return programs.some((program) => others.includes(program)) ? 1 : 0.2;
}

function isReading({ tactics }: Claim): boolean {
  return tactics.length > 0 && tactics.every((tactic) => reading.has(tactic));
}

function programsOf({ handles }: Claim): string[] {
  return [...handles.values()].flatMap(({ key, entity }) => (entity.kind === 'executable' ? key : []));
}

/** A scanner knocks on every door: that two hosts heard the same knock makes no story of both their stories. */
export function knockFactor(earlier: Claim, later: Claim): number {
  if (earlier.subject === later.subject) return 1;
  return isKnock(earlier) && isKnock(later) ? 0.5 : 1;
}

function isKnock({ tactics }: Claim): boolean {
  return tactics.length > 0 && tactics.every((tactic) => stageOf(tactic) === 0);
}
