import type { EvidencePointer } from '../../events/finding.ts';
import type { Macros } from '../../store/macros.ts';
import type { ReadStore, SqlRow } from '../../store/store.ts';
import { maxPointers } from '../make-finding.ts';
import type { Contact } from './contact.ts';

/** A client that spoke: its fingerprint or what it calls itself. */
export interface Trait {
  readonly kind: 'fingerprint' | 'user-agent';
  readonly value: string;
  /** Machines that show it. */
  readonly hosts: number;
  /** µs since which this machine shows it. */
  readonly since: number;
}

/** What was seen of a contact beside its place. */
export interface ContactDetails {
  readonly traits: readonly Trait[];
  readonly addresses: readonly string[];
  readonly organisation: string | undefined;
  readonly evidence: readonly EvidencePointer[];
}

/** Calls read of one contact. */
const maxCalls = 200;

/** Events of a contact, the earliest first. Parameters: place, source, then place and source again for flows. */
function callsOf(m: Macros): string {
  const common = 'uid, time, evidence_id, evidence_at, destination_ip';
  const named = `SELECT name FROM domain WHERE coalesce(registered_domain, name) = ?`;
  return `SELECT * FROM (
    SELECT ${common}, coalesce(tls_client_ja4, tls_client_ja3) AS fingerprint, NULL AS agent FROM tls
      WHERE tls_client_server_name IN (${named}) AND source_ip = ?
    UNION ALL SELECT ${common}, coalesce(tls_client_ja4, tls_client_ja3), NULL FROM quic
      WHERE tls_client_server_name IN (${named}) AND source_ip = ?
    UNION ALL SELECT ${common}, NULL, user_agent_original FROM http WHERE url_domain IN (${named}) AND source_ip = ?
    UNION ALL SELECT ${common}, NULL, NULL FROM flow
      WHERE destination_ip IN (SELECT a.ip FROM address a LEFT JOIN domain d ON d.name = ${m.listFirst('a.names')}
        WHERE coalesce(d.registered_domain, a.ip) = ?) AND source_ip = ?) AS call
  ORDER BY time, evidence_id, evidence_at LIMIT ${maxCalls}`;
}

/** The same for a program, by its sockets. Parameters: place, source. */
function socketsOf(m: Macros): string {
  return `SELECT NULL AS uid, time, evidence_id, evidence_at, destination_ip, NULL AS fingerprint, NULL AS agent FROM socket
  WHERE destination_ip IN (SELECT a.ip FROM address a LEFT JOIN domain d ON d.name = ${m.listFirst('a.names')}
      WHERE coalesce(d.registered_domain, a.ip) = ?)
    AND coalesce(host_name, 'evidence ' || evidence_id) || ' ' || process_executable = ?
  ORDER BY time, evidence_id, evidence_at LIMIT ${maxCalls}`;
}

/** Reads what is known of one contact: for the few that are worth it. */
export async function detailsOf(store: ReadStore, { kind, source, place }: Contact): Promise<ContactDetails> {
  const m = store.macros;
  const parameters = [place, source];
  const rows =
    kind === 'program'
      ? await store.query(socketsOf(m), parameters)
      : await store.query(callsOf(m), [...parameters, ...parameters, ...parameters, ...parameters]);
  const addresses = distinct(rows, 'destination_ip');
  const [owner] = await store.query(
    `SELECT organisation FROM network WHERE ip IN (SELECT ip FROM (VALUES ${addresses.map(() => '(?)').join(', ') || "('')"}) AS t(ip)) ORDER BY ip LIMIT 1`,
    addresses,
  );
  const organisation = owner?.['organisation'];
  return {
    traits: kind === 'program' ? [] : await traitsOf(store, source, rows),
    addresses,
    organisation: typeof organisation === 'string' ? organisation : undefined,
    evidence: rows
      .slice(0, maxPointers)
      .map((row) => ({ evidence_id: Number(row['evidence_id']), at: Number(row['evidence_at']) })),
  };
}

async function traitsOf(store: ReadStore, source: string, rows: readonly SqlRow[]): Promise<Trait[]> {
  const m = store.macros;
  const found: Trait[] = [];
  for (const value of distinct(rows, 'fingerprint').slice(0, 5)) {
    const [row] = await store.query(
      `SELECT ${m.micros('min(time)')} AS since, (SELECT max(hosts) FROM prevalence WHERE kind IN ('ja3', 'ja4') AND value = ?) AS hosts
       FROM (SELECT time, source_ip, coalesce(tls_client_ja4, tls_client_ja3) AS fingerprint FROM tls
         UNION ALL SELECT time, source_ip, coalesce(tls_client_ja4, tls_client_ja3) FROM quic) AS hello
       WHERE source_ip = ? AND fingerprint = ?`,
      [value, source, value],
    );
    found.push({ kind: 'fingerprint', value, hosts: Number(row?.['hosts'] ?? 0), since: Number(row?.['since'] ?? 0) });
  }
  for (const value of distinct(rows, 'agent').slice(0, 5)) {
    const [row] = await store.query(
      `SELECT ${m.micros('min(time)')} AS since, (SELECT max(hosts) FROM prevalence WHERE kind = 'user-agent' AND value = ?) AS hosts
       FROM http WHERE source_ip = ? AND user_agent_original = ?`,
      [value, source, value],
    );
    found.push({ kind: 'user-agent', value, hosts: Number(row?.['hosts'] ?? 0), since: Number(row?.['since'] ?? 0) });
  }
  return found;
}

function distinct(rows: readonly SqlRow[], column: string): string[] {
  const values = new Set<string>();
  for (const row of rows) if (typeof row[column] === 'string') values.add(row[column]);
  return [...values].slice(0, maxPointers);
}
