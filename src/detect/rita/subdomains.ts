import type { ReadStore } from '../../store/store.ts';
import type { RitaProfile } from './profile.ts';
import type { RitaWindow } from './window.ts';

/** A domain with so many names below it that data may be carried in them. */
export interface SubdomainThreat {
  readonly domain: string;
  readonly subdomains: number;
  /** Internal hosts that asked for a name of it, resolvers included. */
  readonly prevalence: number;
  /** No host but those that asked ever connected to an address that a name of it resolved to. */
  readonly hasNoDirectConnections: boolean;
  readonly firstSeen: number;
  readonly lastSeen: number;
}

/** Second labels that ClickHouse's `cutToFirstSignificantSubdomain`, which RITA counts by, sees as part of the suffix. */
const genericSecondLabels: ReadonlySet<string> = new Set(['com', 'net', 'org', 'co', 'biz']);

/** `a.b.example.com` to `example.com`, `a.example.co.uk` to `example.co.uk`. Not the public suffix list, on purpose. */
export function significantDomain(name: string): string {
  const labels = name.split('.');
  const count = genericSecondLabels.has(labels.at(-2) ?? '') ? 3 : 2;
  return labels.slice(-count).join('.');
}

/** Domains with at least RITA's base of distinct names in the window, most names first. */
export async function findSubdomainThreats(
  store: ReadStore,
  window: RitaWindow,
  profile: RitaProfile,
): Promise<SubdomainThreat[]> {
  const domains = await countNames(store, window);
  const threats: SubdomainThreat[] = [];
  for (const [domain, subdomains] of domains) {
    if (subdomains < profile.subdomains.base) continue;
    threats.push({ domain, subdomains, ...(await aboutDomain(store, window, domain)) });
    if (threats.length >= maxDomains) break;
  }
  return threats.sort((a, b) => b.subdomains - a.subdomains);
}

/** Each takes queries of its own; a network with more of them is under something else than one tunnel. */
const maxDomains = 200;

async function countNames(store: ReadStore, window: RitaWindow): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const sql = `SELECT DISTINCT name FROM dns_row WHERE ts >= ${window.anyFrom}`;
  for await (const chunk of store.scan(sql)) {
    for (const name of chunk.texts(0)) {
      const domain = significantDomain(name ?? '');
      if (domain.endsWith('.arpa') || domain.endsWith('.local')) continue;
      counts.set(domain, (counts.get(domain) ?? 0) + 1);
    }
  }
  return counts;
}

async function aboutDomain(
  store: ReadStore,
  window: RitaWindow,
  domain: string,
): Promise<Omit<SubdomainThreat, 'domain' | 'subdomains'>> {
  const { macros } = store;
  const isOfDomain = (name: string): string => `(${name} = ? OR right(${name}, ${macros.lengthOf('?')}) = ?)`;
  const bound = [domain, `.${domain}`, `.${domain}`];
  const since = `ts >= ${window.anyFrom}`;
  const [row] = await store.query(
    `WITH asked AS (SELECT * FROM dns_row WHERE ${since} AND ${isOfDomain('name')}),
named AS (SELECT * FROM (SELECT src, dst, src_local, dst_local, fqdn FROM sni WHERE ${since}
  UNION ALL SELECT src, dst, src_local, dst_local, fqdn FROM open_name) AS n WHERE ${isOfDomain('fqdn')}),
host AS (
  SELECT src AS ip FROM asked WHERE src_local UNION SELECT dst FROM asked WHERE dst_local
  UNION SELECT src FROM named WHERE src_local UNION SELECT dst FROM named WHERE dst_local),
resolved AS (SELECT DISTINCT v.value AS ip FROM asked a, ${lateral(macros.unnest('a.resolved'))} AS v WHERE a.type = 'A'),
direct AS (
  SELECT s.ip AS src FROM (
    SELECT DISTINCT c.src_id FROM conn c JOIN flow_end d ON d.id = c.dst_id
    WHERE ${since} AND d.ip IN (SELECT ip FROM resolved)) AS c JOIN flow_end s ON s.id = c.src_id)
SELECT (SELECT count(*) FROM host) AS hosts, (SELECT min(ts) FROM asked) AS first_seen, (SELECT max(ts) FROM asked) AS last_seen,
  (SELECT count(*) FROM direct WHERE src NOT IN (SELECT src FROM asked)) AS others`,
    [...bound, ...bound],
  );
  return {
    prevalence: Number(row?.['hosts'] ?? 0),
    hasNoDirectConnections: Number(row?.['others'] ?? 0) === 0,
    firstSeen: Number(row?.['first_seen'] ?? 0),
    lastSeen: Number(row?.['last_seen'] ?? 0),
  };
}

function lateral(table: string): string {
  return `LATERAL ${table}`;
}
