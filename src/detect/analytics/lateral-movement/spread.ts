import { commonHosts } from '../../pairs/rarity.ts';
import { logOn } from './services.ts';

/** One machine that went to another by a service. Times in µs. */
export interface Pair {
  readonly source: string;
  readonly target: string;
  readonly service: string;
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly isPrivileged: boolean;
  readonly evidence_id: number;
  readonly evidence_at: number;
}

/** Something done on another machine. */
export interface Act {
  readonly source: string;
  readonly target: string;
  readonly act: string;
  readonly first: number;
  readonly count: number;
  readonly evidence_id: number;
  readonly evidence_at: number;
}

export interface Bounds {
  /** µs from which a first time is news, by service: the history before it is what was learnt. */
  readonly newsFrom: (service: string) => number;
  /** µs after which nothing is looked at. */
  readonly until: number;
  readonly windowMicros: number;
  readonly minTargets: number;
  readonly machines: number;
}

/** What one machine did for the first time. */
export interface Spread {
  readonly source: string;
  /** First visits inside the window with the most machines, by time. */
  readonly pairs: readonly Pair[];
  readonly acts: readonly Act[];
  readonly targets: readonly string[];
  /** Machines that it went to by these services in the time that was learnt. */
  readonly habit: number;
}

/** So many times more machines than it always went to make even a machine of administrators odd. */
const beyondHabit = 3;

/**
 * Machines that go to others which they never went to before: enough of them within the window, or fewer with an act of
 * an administrator. Left out are targets that many use already (file servers, domain controllers), and sources whose habit it is.
 */
export function findSpreads(pairs: readonly Pair[], acts: readonly Act[], bounds: Bounds): Spread[] {
  const news = newPairs(pairs, bounds);
  const newActs = Map.groupBy(
    acts.filter((act) => act.first >= bounds.newsFrom('') && act.first <= bounds.until),
    ({ source }) => source,
  );
  const usualActs = new Set(
    acts.filter((act) => act.first < bounds.newsFrom('')).map(({ source, act }) => `${source} ${act}`),
  );
  const learnt = learntPairs(pairs, bounds);
  const sources = new Set([...news.keys(), ...newActs.keys()]);
  return [...sources].flatMap((source) => {
    const first = news.get(source) ?? [];
    const window = fullestWindow(first, bounds.windowMicros);
    const services = new Set(window.map(({ service }) => service));
    const usual = (learnt.get(source) ?? []).filter(({ service }) => services.has(service));
    const habit = targetsOf(usual).length;
    // An act alone is told where the way to its target is new as well.
    const reached = new Set(targetsOf(first));
    const odd = (newActs.get(source) ?? []).filter(
      ({ act, target }) => reached.has(target) && !usualActs.has(`${source} ${act}`),
    );
    const isHabit = habit >= bounds.minTargets && targetsOf(window).length < beyondHabit * habit;
    if (!isHabit && Math.max(countOf(window, true), countOf(window, false)) >= bounds.minTargets) {
      return [{ source, pairs: window, acts: odd, targets: targetsOf(window), habit }];
    }
    if (odd.every(({ act }) => act === 'share')) return [];
    const acted = new Set(targetsOf(odd));
    return [{ source, pairs: first.filter(({ target }) => acted.has(target)), acts: odd, targets: [...acted], habit }];
  });
}

function targetsOf(entries: readonly { readonly target: string }[]): string[] {
  return [...new Set(entries.map(({ target }) => target))];
}

/** Targets by address and by name are the same machines: whichever are more count. */
function countOf(pairs: readonly Pair[], isLogOn: boolean): number {
  return targetsOf(pairs.filter(({ service }) => (service === logOn) === isLogOn)).length;
}

/** First visits that are news, by source, to targets that were not common by then. `pairs` stand by first time. */
function newPairs(pairs: readonly Pair[], { newsFrom, until, machines }: Bounds): Map<string, Pair[]> {
  const visitors = new Map<string, number>();
  const common = commonHosts(machines);
  const news = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const door = doorOf(pair);
    const before = visitors.get(door) ?? 0;
    visitors.set(door, before + 1);
    if (pair.first < newsFrom(pair.service) || pair.first > until || before >= common) continue;
    const own = news.get(pair.source);
    if (own === undefined) news.set(pair.source, [pair]);
    else own.push(pair);
  }
  return news;
}

/** First visits of each source while habits were learnt; those to targets of everybody say nothing of a machine. */
function learntPairs(pairs: readonly Pair[], { newsFrom, machines }: Bounds): Map<string, Pair[]> {
  const visitors = new Map<string, number>();
  for (const pair of pairs) visitors.set(doorOf(pair), (visitors.get(doorOf(pair)) ?? 0) + 1);
  const common = commonHosts(machines);
  return Map.groupBy(
    pairs.filter((pair) => pair.first < newsFrom(pair.service) && (visitors.get(doorOf(pair)) ?? 0) <= common),
    ({ source }) => source,
  );
}

function doorOf({ service, target }: Pair): string {
  return `${service} ${target}`;
}

/** The pairs inside the window that holds most different targets. */
function fullestWindow(pairs: readonly Pair[], length: number): Pair[] {
  const inside = new Map<string, number>();
  let best = { from: 0, to: 0, targets: 0 };
  let from = 0;
  for (const [to, pair] of pairs.entries()) {
    inside.set(pair.target, (inside.get(pair.target) ?? 0) + 1);
    for (let old = pairs[from]; old !== undefined && pair.first - old.first > length; old = pairs[from]) {
      const left = (inside.get(old.target) ?? 1) - 1;
      if (left === 0) inside.delete(old.target);
      else inside.set(old.target, left);
      from++;
    }
    if (inside.size > best.targets) best = { from, to: to + 1, targets: inside.size };
  }
  return pairs.slice(best.from, best.to);
}
