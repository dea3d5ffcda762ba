import type { Entity, EntityKind } from '../events/entity.ts';
import { kindIds } from '../events/event.ts';
import type { Finding } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import { correlate } from '../incidents/correlate.ts';
import type { CorrelationContext, Prevalence } from '../incidents/context.ts';
import { findHostAddresses, type HostAddress } from '../incidents/host-addresses.ts';
import type { Micros } from '../base/time.ts';
import { readRecordedDays, watchedSince } from '../store/recorded-days.ts';
import type { Store } from '../store/store.ts';
import { tellWho } from './about.ts';
import { lookUp } from './look-up.ts';
import { organisationOf, type KnownAsset } from './organisation.ts';

/** Table, key, count of hosts and further condition that tell how widely an entity is seen. */
const prevalenceTables: Partial<
  Record<EntityKind, readonly [table: string, key: string, hosts: string, condition: string]>
> = {
  address: ['address', 'ip', 'local_peers', 'TRUE'],
  domain: ['domain', 'name', 'clients', 'TRUE'],
  'tls-fingerprint': ['prevalence', 'value', 'hosts', "kind IN ('ja3', 'ja4', 'ja3s')"],
  'user-agent': ['prevalence', 'value', 'hosts', "kind = 'user-agent'"],
  executable: ['prevalence', 'value', 'hosts', "kind = 'executable'"],
  'file-hash': ['prevalence', 'value', 'hosts', "kind = 'file-hash'"],
};

/** What a look at all that is stored told, and stays until everything is judged again. */
export interface Surroundings {
  readonly hostAddresses: readonly HostAddress[];
  readonly totalHosts: number;
  /** Starts of the days that have events. */
  readonly recordedDays: readonly Micros[];
  /** By kind and value of an entity; undefined for one that no table knows. */
  readonly prevalence: Map<string, Prevalence | undefined>;
}

export async function surroundingsOf(store: Store): Promise<Surroundings> {
  return {
    hostAddresses: await findHostAddresses(store),
    totalHosts: await totalOf(store),
    recordedDays: await readRecordedDays(store, kindIds),
    prevalence: new Map(),
  };
}

/** Grows incidents from findings, with what the store knows of the things that they name. */
export async function correlateFindings(
  store: Store,
  findings: readonly Finding[],
  known: Surroundings & {
    /** Times of the first and last event. */
    readonly first: Micros | undefined;
    readonly last: Micros;
  },
): Promise<Incident[]> {
  if (findings.length === 0) return [];
  const { prevalence, first } = known;
  await readPrevalence(store, findings, known);
  const { aliases, resolved } = await namesOf(store, findings, known.hostAddresses);
  const organisation = await organisationOf(store, findings);
  const sources = new Map((await store.evidence()).map((row) => [row.evidence_id, row.source ?? undefined]));
  const context: CorrelationContext = {
    prevalence: (entity: Entity) => prevalence.get(`${entity.kind} ${entity.value}`),
    lastEventTime: known.last,
    ...(first === undefined ? {} : { watchedSince: (time: Micros) => watchedSince(known.recordedDays, first, time) }),
    aliases: (value) => [...organisation.alsoKnownAs('host', value), ...(aliases.get(value) ?? [])],
    asset: (host) => worthOf(organisation.asset('host', host)),
    person: (user) => organisation.asset('user', user)?.name,
    resolvedTo: (domain) => [...(resolved.get(domain) ?? [])],
    evidenceSource: (evidenceId) => sources.get(evidenceId),
    previous: await store.incidents(),
  };
  return tellWho(store, correlate(findings, context), organisation);
}

/** Looks up what is not known yet. */
async function readPrevalence(
  store: Store,
  findings: readonly Finding[],
  { prevalence, totalHosts }: Surroundings,
): Promise<void> {
  for (const [kind, [table, key, hosts, condition]] of Object.entries(prevalenceTables)) {
    const values = valuesOf(findings, kind as EntityKind).filter((value) => !prevalence.has(`${kind} ${value}`));
    for (const value of values) prevalence.set(`${kind} ${value}`, undefined);
    const sql = `SELECT ${key} AS value, max(${hosts}) AS hosts FROM ${table} WHERE ${condition} AND ${key} IN`;
    for (const row of await lookUp(store, sql, values, `GROUP BY ${key}`)) {
      prevalence.set(`${kind} ${String(row['value'])}`, { hosts: Number(row['hosts']), totalHosts });
    }
  }
}

function worthOf(asset: KnownAsset | undefined): { readonly value: number; readonly words: string } | undefined {
  if (asset?.criticality === null || asset === undefined) return undefined;
  const { name, role, owner, criticality: value } = asset;
  const words = [role, owner === null ? null : `owner ${owner}`].filter((word) => word !== null);
  return { value, words: `${name} has ${value}${words.length === 0 ? '' : ` (${words.join(', ')})`}` };
}

async function totalOf(store: Store): Promise<number> {
  const [row] = await store.query('SELECT count(*) AS n FROM address WHERE is_local AND NOT is_group');
  return Number(row?.['n'] ?? 0);
}

/** Names of local machines by address and the other way, and addresses of the domains in the findings. */
async function namesOf(
  store: Store,
  findings: readonly Finding[],
  hostAddresses: readonly HostAddress[],
): Promise<{ aliases: Map<string, Set<string>>; resolved: Map<string, Set<string>> }> {
  const aliases = new Map<string, Set<string>>();
  const resolved = new Map<string, Set<string>>();
  const hosts = valuesOf(findings, 'host');
  const byAddress = await lookUp(
    store,
    'SELECT ip, names FROM address WHERE is_local AND names IS NOT NULL AND ip IN',
    hosts,
  );
  const byName = await lookUp(
    store,
    'SELECT ip, names FROM (SELECT ip, names, unnest(names) AS name FROM address WHERE is_local AND names IS NOT NULL) WHERE name IN',
    hosts.map((host) => host.toLowerCase()),
  );
  for (const row of [...byAddress, ...byName]) {
    const ip = String(row['ip']);
    const names = (row['names'] as readonly string[]).map(String);
    // A short name and its full form are the same machine.
    const all = [...new Set(names.flatMap((name) => [name, name.split('.')[0] ?? name]))];
    add(aliases, ip, all);
    for (const name of all) add(aliases, name, [ip]);
  }
  for (const { host, ip } of hostAddresses) {
    add(aliases, host, [ip]);
    add(aliases, ip, [host]);
  }
  const domains = valuesOf(findings, 'domain');
  const answers = await lookUp(
    store,
    'SELECT name, ip FROM (SELECT dns_question_name AS name, unnest(dns_resolved_ip) AS ip FROM dns WHERE dns_resolved_ip IS NOT NULL) WHERE name IN',
    domains,
    'GROUP BY ALL ORDER BY ALL',
  );
  for (const row of answers) add(resolved, String(row['name']), [String(row['ip'])]);
  return { aliases, resolved };
}

function add(map: Map<string, Set<string>>, key: string, values: readonly string[]): void {
  const known = map.get(key) ?? new Set();
  map.set(key, known);
  for (const value of values) known.add(value);
}

function valuesOf(findings: readonly Finding[], kind: EntityKind): string[] {
  const values = new Set<string>();
  for (const finding of findings) {
    for (const entity of finding.entities) if (entity.kind === kind) values.add(entity.value);
  }
  return [...values];
}
