import { severityRank, type Severity } from '../events/finding.ts';
import type { Claim, Handle } from './claim.ts';
import type { CorrelationContext, Prevalence } from './context.ts';
import { specificityOf } from './specificity.ts';

/** In a network of three machines everything is on a third of them: shares are taken of at least this many. */
const smallestNetwork = 20;
/** Up to this share of the machines a thing is rare; from `commonShare` on it tells nothing. Between them it fades. */
const rareShare = 0.1;
const commonShare = 0.5;
const veryRare = 0.05;
/** What remains of a common thing when high findings on at least half of the machines with it are about it: an outbreak. */
const outbreakRarity = 0.75;
const outbreakHosts = 3;
/** Claims of one detector on one host before they count as its habit. */
const habitClaims = 4;

/** Claims of one host that name a user before it is said that they all name the same. */
const leastUserClaims = 4;
/** From this share of them on, a user is what the host runs everything as, and tells no more than the host. */
const usualUserShare = 0.8;

/** How much the things and the detectors behind claims tell, measured over the findings and the store, never by a list. */
export interface Measures {
  /** What the store counts, and the findings where they know more; undefined when nothing counts it. */
  prevalence(handle: Handle): Prevalence | undefined;
  /** 1 for a thing on few machines, 0 for one that everything touches. */
  rarity(handle: Handle): number;
  /** On that machine hardly a claim names another user: root on a server. */
  isUsualUser(handle: Handle, subject: string | undefined): boolean;
  /** A thing that the network is large enough to call rare: on at most one machine in twenty. */
  isKnownRare(handle: Handle): boolean;
  /** How surely two claims that share it belong together, 0 to 1. */
  specificity(handle: Handle): number;
  /**
   * 1 for a claim of a detector that seldom speaks about a far side that is rare; less where the detector says the same
   * of every host, or of this host all the time, and where everybody talks to that far side.
   */
  unusualness(claim: Claim): number;
}

export function measure(claims: readonly Claim[], context: CorrelationContext): Measures {
  const seen = countHosts(claims);
  const prevalence = memoized((handle: Handle): Prevalence | undefined => {
    const stored = context.prevalence(handle.entity);
    const local = { hosts: seen.byKey.get(handle.key)?.size ?? 0, totalHosts: seen.hosts };
    if (stored === undefined) return local.hosts === 0 ? undefined : local;
    return { hosts: Math.max(stored.hosts, local.hosts), totalHosts: Math.max(stored.totalHosts, local.totalHosts) };
  });
  const rarity = memoized((handle: Handle): number => {
    const found = prevalence(handle);
    if (found === undefined) return 1;
    const claimed = seen.strongByKey.get(handle.key)?.size ?? 0;
    const isOutbreak = claimed >= outbreakHosts && claimed >= found.hosts / 2;
    return Math.max(rarityOfShare(shareOf(found)), isOutbreak ? outbreakRarity : 0);
  });
  const isKnownRare = (handle: Handle): boolean => {
    const found = prevalence(handle);
    return found !== undefined && found.totalHosts >= smallestNetwork && found.hosts / found.totalHosts <= veryRare;
  };
  const specificity = memoized((handle: Handle): number => {
    const isMeasured = (prevalence(handle)?.totalHosts ?? 0) >= smallestNetwork;
    return specificityOf(handle, isMeasured, rarity(handle));
  });
  const unusualness = memoized((claim: Claim): number => {
    const far = [...claim.handles.values()].filter((handle) => handle.category === 'far' && handle.role === 'own');
    return seen.weightOfDetector(claim) * (far.length === 0 ? 1 : Math.max(...far.map(rarity)));
  });
  const users = countUsers(claims);
  const isUsualUser = ({ key, entity }: Handle, subject: string | undefined): boolean => {
    const counts = entity.kind === 'user' && subject !== undefined ? users.get(subject) : undefined;
    if (counts === undefined || counts.claims < leastUserClaims) return false;
    return (counts.byUser.get(key) ?? 0) >= usualUserShare * counts.claims;
  };
  return { prevalence, rarity, isUsualUser, isKnownRare, specificity, unusualness };
}

function memoized<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const value = known.get(key);
    if (value !== undefined) return value;
    const computed = compute(key);
    known.set(key, computed);
    return computed;
  };
}

function rarityOfShare(share: number): number {
  return Math.min(Math.max((commonShare - share) / (commonShare - rareShare), 0), 1);
}

function shareOf(prevalence: Prevalence): number {
  if (prevalence.hosts <= 1) return 0;
  return Math.min(prevalence.hosts / Math.max(prevalence.totalHosts, smallestNetwork), 1);
}

export function isAtLeast(severity: Severity, bound: Severity): boolean {
  return severityRank(severity) >= severityRank(bound);
}

/** On which machines things and detectors are, over the claims themselves. */
function countHosts(claims: readonly Claim[]) {
  const byKey = new Map<string, Set<string>>();
  const strongByKey = new Map<string, Set<string>>();
  const hostsByDetector = new Map<string, Set<string>>();
  const claimsByDetectorAndHost = new Map<string, number>();
  const hosts = new Set<string>();
  for (const claim of claims) {
    const { subject } = claim;
    if (subject === undefined) continue;
    hosts.add(subject);
    addTo(hostsByDetector, claim.lead.detector, subject);
    const pair = `${claim.lead.detector}\u0000${subject}`;
    claimsByDetectorAndHost.set(pair, (claimsByDetectorAndHost.get(pair) ?? 0) + 1);
    for (const handle of claim.handles.values()) {
      addTo(byKey, handle.key, subject);
      if (handle.role === 'own' && isAtLeast(claim.severity, 'high')) addTo(strongByKey, handle.key, subject);
    }
  }
  const weightOfDetector = ({ lead, subject, severity }: Claim): number => {
    const habit = claimsByDetectorAndHost.get(`${lead.detector}\u0000${subject ?? ''}`) ?? 1;
    const repeated = 1 / (1 + Math.max(0, Math.log2(habit / habitClaims)));
    if (isAtLeast(severity, 'high')) return repeated;
    const share = shareOf({ hosts: hostsByDetector.get(lead.detector)?.size ?? 0, totalHosts: hosts.size });
    return repeated * rarityOfShare(share);
  };
  return { byKey, strongByKey, hosts: hosts.size, weightOfDetector };
}

/** By machine: how many claims name a user, and how many name which. */
function countUsers(claims: readonly Claim[]) {
  const bySubject = new Map<string, { claims: number; readonly byUser: Map<string, number> }>();
  for (const { subject, handles } of claims) {
    const users = [...handles.values()].filter(({ entity, role }) => entity.kind === 'user' && role === 'own');
    if (subject === undefined || users.length === 0) continue;
    const counts = bySubject.get(subject) ?? { claims: 0, byUser: new Map<string, number>() };
    bySubject.set(subject, counts);
    counts.claims += 1;
    for (const { key } of users) counts.byUser.set(key, (counts.byUser.get(key) ?? 0) + 1);
  }
  return bySubject;
}

function addTo(map: Map<string, Set<string>>, key: string, value: string): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
