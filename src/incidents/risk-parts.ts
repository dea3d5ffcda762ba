import { earliestMicros, formatDuration, microsPerDay } from '../base/time.ts';
import type { Incident } from '../events/incident.ts';
import { tacticName } from './attack-tactics.ts';
import type { Claim, Handle } from './claim.ts';
import type { CorrelationContext } from './context.ts';
import type { Measures } from './measures.ts';
import { detectorsOf, subjectsOf, tacticsOf } from './tally.ts';

/** Points are what a part is worth at full reach; `risk.ts` scales what raises the risk. */
export type RiskPart = Incident['risk_parts'][number];

const youngMicros = 7 * microsPerDay;
/** The most that commonness and age take away. */
const mostOff = 10;
const commonBelow = 0.7;

export function tacticsPart(strong: readonly Claim[]): RiskPart | undefined {
  const reached = tacticsOf(strong);
  if (reached.length < 2) return undefined;
  const points = [0, 0, 8, 14, 19, 23][reached.length] ?? 26;
  return { what: 'ATT&CK tactics', value: `${reached.length} (${reached.map(tacticName).join(', ')})`, points };
}

/** Points by how many there are, from one on; more than the list has count as its last. */
export function countPart(what: string, count: number, points: readonly number[]): RiskPart | undefined {
  const earned = points[Math.min(count, points.length) - 1] ?? 0;
  return earned === 0 ? undefined : { what, value: String(count), points: earned };
}

export function assetPart(acts: readonly Claim[], context: CorrelationContext): RiskPart | undefined {
  const values = acts
    .flatMap((claim) => [...claim.handles.values()])
    .filter((handle) => handle.category === 'place' && handle.entity.kind === 'host')
    .flatMap((handle) => context.asset?.(handle.entity.value) ?? []);
  const best = values.reduce((most, one) => (one.value > most.value ? one : most), { value: 0, words: '' });
  if (best.value <= 0) return undefined;
  return { what: 'asset value', value: best.words, points: 10 * Math.min(best.value, 1) };
}

export function rarityPart(strong: readonly Claim[], measures: Measures): RiskPart | undefined {
  const handles = strong.flatMap((claim) => [...claim.handles.values()]);
  const rare = handles.find((handle) => isOwnFar(handle) && measures.isKnownRare(handle));
  if (rare === undefined) return undefined;
  return { what: 'rare', value: spreadOf(rare, measures), points: 4 };
}

function spreadOf(handle: Handle, measures: Measures): string {
  const found = measures.prevalence(handle);
  return `${handle.entity.value} on ${found?.hosts ?? 0} of ${found?.totalHosts ?? 0} hosts`;
}

/** Everything that it is about is everywhere: likely a product, not an intruder. */
export function commonPart(strong: readonly Claim[], measures: Measures): RiskPart | undefined {
  const far = strong.flatMap((claim) => [...claim.handles.values()]).filter(isOwnFar);
  const [rarest] = far.sort((a, b) => measures.rarity(b) - measures.rarity(a));
  if (rarest === undefined || measures.rarity(rarest) >= commonBelow) return undefined;
  return { what: 'common', value: spreadOf(rarest, measures), points: -(1 - measures.rarity(rarest)) * mostOff };
}

function isOwnFar(handle: Handle): boolean {
  return handle.category === 'far' && handle.role === 'own';
}

/** What one other tool says, and nothing else here shows, is taken one step lower: its rules are tuned for all, not for this network. */
export function hearsayPart(claims: readonly Claim[]): RiskPart | undefined {
  const detectors = claims.flatMap((claim) => claim.findings.map((finding) => finding.detector));
  const tools = new Set(detectors.map((detector) => /^alerts\/(?<tool>[^/]+)/.exec(detector)?.groups?.['tool'] ?? ''));
  const [tool] = tools;
  if (tools.size !== 1 || tool === undefined || tool === '') return undefined;
  return { what: 'nothing but alerts of one tool', value: tool, points: -10 };
}

/** Time without it after which its beginning is news. */
const newsMicros = microsPerDay;

/** What began while somebody watched is likelier an intruder's than what was there from the first event on. */
export function newsPart(strong: readonly Claim[], context: CorrelationContext): RiskPart | undefined {
  if (strong.length === 0 || context.watchedSince === undefined) return undefined;
  const began = strong.reduce((first, claim) => Math.min(first, claim.first), Infinity);
  const before = began - context.watchedSince(began);
  if (!(before >= newsMicros)) return undefined;
  return { what: 'new', value: `began after ${formatDuration(before)} without it`, points: 6 };
}

/** One program that calls home from several machines is one product, or one intrusion: how many have it tells neither. */
export function hostsPart(strong: readonly Claim[]): RiskPart | undefined {
  const reached = tacticsOf(strong);
  const isOneProgram = detectorsOf(strong) === 1 && reached.length === 1 && reached[0] === 'command-and-control';
  return isOneProgram ? undefined : countPart('hosts', subjectsOf(strong).length, [0, 2, 4, 6]);
}

export function agePart(claims: readonly Claim[], context: CorrelationContext): RiskPart | undefined {
  const last = claims.reduce((latest, claim) => Math.max(latest, claim.last), Number.NEGATIVE_INFINITY);
  const ageMicros = context.lastEventTime - last;
  // By a clock that was not set nothing is old.
  if (last < earliestMicros || !(ageMicros > youngMicros)) return undefined;
  const points = -Math.min((ageMicros - youngMicros) / microsPerDay, mostOff);
  return { what: 'age', value: `nothing for ${formatDuration(ageMicros)}`, points };
}
