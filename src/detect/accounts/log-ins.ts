import { microsPerDay } from '../../base/time.ts';
import type { EvidencePointer } from '../../events/finding.ts';
import type { Macros } from '../../store/macros.ts';
import type { ReadStore, SqlRow } from '../../store/store.ts';

/** Log-ins of an account to a machine from one place within one hour. */
export interface LogIn {
  /** The person where the asset list knows the account, else the account as written. */
  readonly account: string;
  readonly machine: string;
  /** Address or host that it came from; empty for a log-in at the machine itself. */
  readonly source: string;
  readonly country: string | null;
  /** What is taken as one place: an autonomous system, a /24 inside, a host name. */
  readonly place: string;
  /** µs of the first and last. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  /** The first of them. */
  readonly evidence: EvidencePointer;
}

/** Hours of log-ins that are read, the latest; a service that logs in each minute has 24 a day. */
const maxRows = 400_000;
/** Log-ins of Windows by people: at the machine, over the network, unlocking, in clear text, remote desktop, from the cache. */
const windowsTypes = ['2', '3', '7', '8', '10', '11'].map((type) => `'${type}'`).join(', ');

function logIns(m: Macros): string {
  const account = "lower(coalesce(s.target_user_name, s.user_name, s.login_name, ''))";
  const source = "coalesce(s.source_ip, s.source_host, '')";
  return `SELECT * FROM (
    SELECT coalesce(i.name, account) AS person, machine, source, n.country, n.asn, hour, count(*) AS n,
      ${m.micros('min(time)')} AS first, ${m.micros('max(time)')} AS last,
      ${m.firstBy('evidence_id', 'time')} AS evidence_id, ${m.firstBy('evidence_at', 'time')} AS evidence_at
    FROM (SELECT ${account} AS account, coalesce(s.host_name, '') AS machine, ${source} AS source, ${m.hourMicros('s.time')} AS hour, s.time, s.evidence_id, s.evidence_at
      FROM user_session s WHERE s.event_action = 'login' AND s.event_outcome = 'success'
        AND coalesce(${m.jsonText('s.fields', 'LogonType')}, '2') IN (${windowsTypes})) AS l
    LEFT JOIN identity i ON i.kind = 'user' AND i.value = l.account
    LEFT JOIN network n ON n.ip = l.source
    WHERE account <> '' AND NOT ${m.endsWith('account', "'$'")} AND account NOT IN ('system', 'anonymous logon', 'local service', 'network service')
    GROUP BY ALL ORDER BY first DESC LIMIT ${maxRows}) AS latest
  ORDER BY first, person, machine, source`;
}

/** All log-ins that succeeded, in order of time. What came before the time asked for is the past that it is held against. */
export async function readLogIns(store: ReadStore): Promise<LogIn[]> {
  return (await store.query(logIns(store.macros))).map(toLogIn);
}

function toLogIn(row: SqlRow): LogIn {
  const source = String(row['source']);
  const { asn, country } = row;
  return {
    account: String(row['person']),
    machine: String(row['machine']),
    source,
    country: typeof country === 'string' ? country : null,
    place: typeof asn === 'number' ? `AS${asn}` : source.replace(/^(?<net>\d+\.\d+\.\d+)\.\d+$/, '$<net>.0/24'),
    first: Number(row['first']),
    last: Number(row['last']),
    count: Number(row['n']),
    evidence: { evidence_id: Number(row['evidence_id']), at: Number(row['evidence_at']) },
  };
}

/** Days since 1970 (UTC). */
export function dayOf(micros: number): number {
  return Math.floor(micros / microsPerDay);
}
