import { isDeepStrictEqual } from 'node:util';
import type { Analytic } from '../detect/analytic.ts';
import { analytics } from '../detect/analytics/registry.generated.ts';
import { kindIds, type KindId } from '../events/event.ts';
import type { Finding } from '../events/finding.ts';
import type { NarrowableStore, Narrowing, ReadStore } from '../store/store.ts';
import { addFindings } from './add-findings.ts';
import { runAnalytic, type DetectOptions, type DetectResult } from './detect.ts';
import type { LoadedSet } from './run-rules.ts';
import { searchRuleSets } from './search-rules.ts';

export interface NewsOptions extends DetectOptions {
  readonly store: NarrowableStore;
  /** SQL condition that new rows fulfil: `News.take`. */
  readonly news: string;
  /** Everything that was found before. */
  readonly known: readonly Finding[];
  readonly rules: readonly LoadedSet[];
  /** Detector ids of the rules that matched new events as they came in; undefined when not all of them were shown to the rules. */
  readonly fired: ReadonlySet<string> | undefined;
}

/**
 * Asks the detectors that need not see everything together (`Analytic.apart`) of what is new, and gives the known findings with theirs:
 * new ones, and known ones that have grown. Nothing vanishes; detectors that weigh everything against everything are not asked.
 */
export async function detectNews(options: NewsOptions): Promise<DetectResult> {
  const kinds = await kindsWithNews(options);
  const added = await ofRows(options, kinds);
  const told = await ofGroups(options, kinds);
  return {
    findings: combined(options.known, told.findings, added.findings),
    problems: [...told.problems, ...added.problems],
    notChecked: [],
    ran: [...told.ran, ...added.ran],
  };
}

/** What is found in the new rows by themselves, which are copied once for all who ask. */
async function ofRows(options: NewsOptions, kinds: readonly KindId[]): Promise<DetectResult> {
  const tables = kinds.map((kind) => ({ name: kind, sql: `SELECT * FROM ${kind} WHERE ${options.news}` }));
  return options.store.withTables(tables, async (copies) => {
    const result: DetectResult = { findings: [], problems: [], notChecked: [], ran: [] };
    const store = onlyWith(kinds, copies);
    for (const analytic of analyticsApart()) {
      if (analytic.apart !== 'rows' || !analytic.reads.some((kind) => kinds.includes(kind))) continue;
      options.signal?.throwIfAborted();
      await runAnalytic(analytic, { ...options, store }, result);
    }
    const matched = await searchFired(options, store);
    result.findings.push(...matched.findings);
    result.problems.push(...matched.problems);
    return result;
  });
}

async function searchFired(options: NewsOptions, store: ReadStore): Promise<DetectResult> {
  const { rules, fired } = options;
  // Nothing selected would mean everything.
  if (fired?.size === 0) return { findings: [], problems: [], notChecked: [], ran: [] };
  // A correlation stands on several rows, not all of which need be new.
  return searchRuleSets(rules, { ...options, store, only: [...(fired ?? [])] }, ({ kind }) => kind !== undefined);
}

/** A store whose other kinds have no events, so that nobody asks of them. */
function onlyWith(kinds: readonly KindId[], store: ReadStore): ReadStore {
  return {
    macros: store.macros,
    query: (sql, parameters) => store.query(sql, parameters),
    scan: (sql, parameters) => store.scan(sql, parameters),
    count: async (kind) => (kinds.includes(kind) ? store.count(kind) : 0),
    withTables: (tables, work) => store.withTables(tables, work),
  };
}

/** What is found in the groups that new rows are of, seen whole. */
async function ofGroups(options: NewsOptions, kinds: readonly KindId[]): Promise<DetectResult> {
  const result: DetectResult = { findings: [], problems: [], notChecked: [], ran: [] };
  for (const analytic of analyticsApart()) {
    const { apart } = analytic;
    if (apart === undefined || apart === 'rows' || !keysOf(apart).some((kind) => kinds.includes(kind))) continue;
    options.signal?.throwIfAborted();
    const store = options.store.narrowed(groupsWithNews(apart, options.news));
    await runAnalytic(analytic, { ...options, store }, result);
  }
  return result;
}

function analyticsApart(): Analytic[] {
  return (Object.values(analytics) as readonly Analytic[]).filter(({ apart }) => apart !== undefined);
}

async function kindsWithNews({ store, news }: NewsOptions): Promise<KindId[]> {
  const parts = kindIds.map(
    (kind) => `SELECT '${kind}' AS kind FROM (SELECT 1 FROM ${kind} WHERE ${news} LIMIT 1) AS any_new`,
  );
  const found = new Set((await store.query(parts.join(' UNION ALL '))).map((row) => row['kind']));
  return kindIds.filter((kind) => found.has(kind));
}

type Keys = Exclude<NonNullable<Analytic['apart']>, 'rows'>;

function keysOf(apart: Keys): KindId[] {
  return Object.keys(apart) as KindId[];
}

/** Of each kind the rows of the groups that have a new row in any of them. */
function groupsWithNews(apart: Keys, news: string): Narrowing[] {
  const keys = Object.entries(apart) as [KindId, string][];
  return keys.map(([kind, key]) => ({
    kind,
    where: (whole) => {
      const touched = keys.map(([other, otherKey]) => `SELECT ${otherKey} FROM ${whole(other)} WHERE ${news}`);
      return `(${key}) IN (${touched.join(' UNION ')})`;
    },
  }));
}

/** What was told of a group stands for what was known of it; what was added up is added. */
function combined(known: readonly Finding[], told: readonly Finding[], added: readonly Finding[]): Finding[] {
  const byId = new Map(known.map((finding) => [finding.id, finding]));
  for (const finding of told) {
    if (!isDeepStrictEqual(byId.get(finding.id), finding)) byId.set(finding.id, finding);
  }
  for (const finding of added) {
    const before = byId.get(finding.id);
    byId.set(finding.id, before === undefined ? finding : addFindings(before, finding));
  }
  return [...byId.values()];
}
