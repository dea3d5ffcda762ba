import type { ReadStore } from '../../store/store.ts';
import { pairTables, readPorts, visitAddressPairs } from './address-pairs.ts';
import type { RitaFilter } from './filter.ts';
import { noMarks, readHistory, readMarks, readNetworkSize, readThreatIntel, type PairMarks } from './modifiers.ts';
import { readNamePairs } from './name-pairs.ts';
import { pairKey, type RitaPair } from './pair.ts';
import { strobeConnections, type RitaProfile } from './profile.ts';
import { findSubdomainThreats, type SubdomainThreat } from './subdomains.ts';
import { ritaTables } from './tables.ts';
import { bandedScore, baseIndicator, type IndicatorId, type Indicators } from './threat-score.ts';
import { readWindow, type RitaWindow } from './window.ts';

export interface RitaModifier {
  readonly what: string;
  readonly value: string;
  readonly score: number;
}

/** One row of RITA's result list. */
export interface RitaThreat extends RitaPair {
  readonly indicators: Indicators;
  /** The indicator that the base score comes from. */
  readonly base: IndicatorId;
  readonly baseScore: number;
  readonly modifiers: readonly RitaModifier[];
  readonly finalScore: number;
  readonly networkSize: number;
  readonly subdomains: number;
}

export interface RitaOptions {
  readonly profile: RitaProfile;
  readonly filter: RitaFilter;
  readonly timeCondition: string;
  /** Count how long a destination has been known, over all that is stored. */
  readonly isRolling: boolean;
  /** Which threats are wanted, all by default, and how many of them at most: what follows them costs little then. */
  readonly isWanted?: (threat: RitaThreat) => boolean;
  readonly limit?: number;
}

/** RITA's result list, in its order: final score, then strobe, then beacon score. */
export async function analyseAsRita(store: ReadStore, options: RitaOptions): Promise<RitaThreat[]> {
  const { filter, isRolling } = options;
  const history = isRolling ? await store.withTables(ritaTables(store.macros, filter, 'TRUE'), readHistory) : undefined;
  return store.withTables(ritaTables(store.macros, filter, options.timeCondition), async (tables) => {
    const window = await readWindow(tables);
    return window === undefined ? [] : analyseWindow(tables, window, history, options);
  });
}

async function analyseWindow(
  store: ReadStore,
  window: RitaWindow,
  history: World['history'],
  options: RitaOptions,
): Promise<RitaThreat[]> {
  const { profile, isWanted = () => true, limit = Infinity } = options;
  const hasNames = (await store.count('http')) + (await store.count('tls')) > 0;
  const hasQuestions = (await store.count('dns')) > 0;
  const world: World = {
    profile,
    window,
    marks: hasNames ? await readMarks(store, window) : noMarks,
    threatIntel: await readThreatIntel(store),
    networkSize: await readNetworkSize(store, window),
    history,
  };
  const named = hasNames ? await readNamePairs(store, window, profile) : [];
  const domains = hasQuestions ? await findSubdomainThreats(store, window, profile) : [];
  const threatsOf = (pair: RitaPair, domain?: SubdomainThreat): RitaThreat[] => {
    const threat = toThreat(pair, domain, world);
    return threat !== undefined && isWanted(threat) ? [threat] : [];
  };
  return store.withTables(pairTables(store, window, profile), async (tables) => {
    const addressed: RitaThreat[] = [];
    await visitAddressPairs(tables, window, profile, (pair) => addressed.push(...threatsOf(pair)));
    const threats = [
      ...named.flatMap((pair) => threatsOf(pair)),
      ...addressed.sort(byAddresses),
      ...domains.flatMap((domain) => threatsOf(domainPair(domain), domain)),
    ].sort(byScore);
    return readPorts(tables, window, options.timeCondition, threats.slice(0, limit));
  });
}

function byScore(a: RitaThreat, b: RitaThreat): number {
  return (
    b.finalScore - a.finalScore ||
    b.indicators.strobe - a.indicators.strobe ||
    (b.beacon?.score ?? 0) - (a.beacon?.score ?? 0)
  );
}

function byAddresses(a: RitaThreat, b: RitaThreat): number {
  if (a.source !== b.source) return a.source < b.source ? -1 : 1;
  return a.destination < b.destination ? -1 : 1;
}

interface World {
  readonly profile: RitaProfile;
  readonly window: RitaWindow;
  readonly marks: PairMarks;
  readonly threatIntel: ReadonlySet<string>;
  readonly networkSize: number;
  readonly history: ReadonlyMap<string, number> | undefined;
}

/** Undefined when no indicator holds. */
function toThreat(pair: RitaPair, domain: SubdomainThreat | undefined, world: World): RitaThreat | undefined {
  const { profile } = world;
  const isStrobe = pair.count >= strobeConnections;
  const key = pairKey(pair.source, pair.fqdn === '' ? pair.destination : pair.fqdn);
  const { beacon } = pair;
  const isLong = domain === undefined && pair.totalDuration >= profile.longConnection.base;
  if (domain === undefined && beacon === undefined && !isLong && !isStrobe) return undefined;
  const isListed = world.threatIntel.has(pair.fqdn === '' ? pair.destination : pair.fqdn);
  const indicators: Indicators = {
    beacon: beacon === undefined ? 0 : bandedScore(beacon.score * 100, profile.beacon.bands),
    longConnection: isLong ? bandedScore(pair.totalDuration, profile.longConnection) : 0,
    strobe: isStrobe ? profile.strobeScore : 0,
    subdomains: domain === undefined ? 0 : bandedScore(domain.subdomains, profile.subdomains),
    threatIntel: isListed ? profile.threatIntelScore : 0,
  };
  const base = baseIndicator(indicators);
  const modifiers = modifiersOf(pair, key, domain, isListed, world).filter((modifier) => modifier.score !== 0);
  return {
    ...pair,
    indicators,
    base: base.id,
    baseScore: base.score,
    modifiers,
    finalScore: modifiers.reduce((sum, modifier) => sum + modifier.score, base.score),
    networkSize: world.networkSize,
    subdomains: domain?.subdomains ?? 0,
  };
}

function modifiersOf(
  pair: RitaPair,
  key: string,
  domain: SubdomainThreat | undefined,
  isListed: boolean,
  { profile, marks, networkSize, history, window }: World,
): RitaModifier[] {
  const { modifiers } = profile;
  const share = networkSize === 0 ? 0 : pair.prevalence / networkSize;
  const list: RitaModifier[] = [
    {
      what: 'prevalence',
      value: `${pair.prevalence} of ${networkSize} hosts`,
      score: stepped(
        share,
        modifiers.prevalence.rare,
        modifiers.prevalence.increase,
        modifiers.prevalence.common,
        modifiers.prevalence.decrease,
      ),
    },
  ];
  if (history !== undefined) {
    const days =
      (window.anyEnd - (history.get(pair.fqdn === '' ? pair.destination : pair.fqdn) ?? pair.firstSeen)) / 86_400;
    const { young, increase, old, decrease } = modifiers.firstSeen;
    list.push({
      what: 'first seen',
      value: `${Math.floor(days)} days ago`,
      score: stepped(days, young, increase, old, decrease),
    });
  }
  const add = (holds: boolean, what: string, value: string, score: number): void => {
    if (holds) list.push({ what, value, score });
  };
  add(pair.missingHostCount > 0, 'missing Host header', `${pair.missingHostCount} requests`, modifiers.missingHost);
  add(marks.rareSignature.has(key), 'rare signature', 'a user agent or JA3 shown to it alone', modifiers.rareSignature);
  add(
    marks.mimeMismatch.has(key),
    'MIME type mismatch',
    'an answer does not fit its extension',
    modifiers.mimeMismatch,
  );
  const isLarge = isListed && pair.totalBytes >= modifiers.threatIntelBytes.threshold;
  add(isLarge, 'data exchanged with a listed address', `${pair.totalBytes} B`, modifiers.threatIntelBytes.increase);
  add(
    domain?.hasNoDirectConnections === true,
    'no direct connections',
    'only names were asked for',
    modifiers.noDirectConnections,
  );
  return list;
}

/** Raised up to and including `low`, lowered from `high` on. */
function stepped(value: number, low: number, increase: number, high: number, decrease: number): number {
  if (value <= low) return increase;
  return value >= high ? -decrease : 0;
}

function domainPair(domain: SubdomainThreat): RitaPair {
  return {
    number: 0,
    source: '',
    destination: '',
    fqdn: domain.domain,
    count: 0,
    proxyCount: 0,
    openCount: 0,
    missingHostCount: 0,
    uniqueTimes: 0,
    totalDuration: 0,
    totalBytes: 0,
    serverIps: [],
    proxyIps: [],
    ports: [],
    firstSeen: domain.firstSeen,
    lastSeen: domain.lastSeen,
    prevalence: domain.prevalence,
    beacon: undefined,
  };
}
