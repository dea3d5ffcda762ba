import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { EventRow } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult, SuiteSkip } from '../suite.ts';
import { caseFolders, decodeCapture } from './pcap-captures/decode.ts';
import { decodeEve, recordOf } from './pcap-captures/eve-record.ts';
import { fulfillingLogs } from './pcap-captures/log-conditions.ts';
import { expectedColumns } from './pcap-captures/match-rows.ts';

/**
 * Captures with conditions on the EVE records that Suricata writes of them (`network/suricata/protocol`). Each condition is made
 * a record and read by our EVE source; so many of our own events as it demands must have the same values in its columns, or in the fields of
 * their log. A condition on nothing that we tell (settings of HTTP/2, anomalies, outputs of other names) is skipped, and why is said.
 */
export const suite: Suite = { id: 'pcap/suricata', run };

interface Check {
  readonly count: number;
  readonly match: Readonly<Record<string, unknown>>;
  readonly filename?: string;
  readonly requires?: Readonly<Record<string, unknown>>;
}

/** Suricata counts link-layer headers, and has states and reasons of its own. */
const ownColumns: ReadonlySet<string> = new Set([
  'source_bytes',
  'destination_bytes',
  'conn_state',
  'end_reason',
  'is_open',
  'event_duration',
]);

async function run(corpus: string): Promise<SuiteResult> {
  const failed: SuiteFailure[] = [];
  const skips: SuiteSkip[] = [];
  let passed = 0;
  for (const folder of caseFolders(join(corpus, 'network', 'suricata', 'protocol'))) {
    const { pcap, has_own_yaml: isConfigured, expected_eve_checks: checks } = readCase(folder);
    const { events } = await decodeCapture(join(folder, pcap), 'accept');
    for (const [index, check] of checks.entries()) {
      const got = isForUs(check) ? await fulfilling(check, events, isConfigured) : undefined;
      const name = `${basename(folder)} check ${index + 1}: ${JSON.stringify(check.match).slice(0, 200)}`;
      if (got === undefined) {
        skips.push({ case: name, why: whySkipped(check) });
      } else if (got === check.count) {
        passed++;
      } else {
        failed.push({ case: name, got: `${got} events`, want: `${check.count} events`, why: whyOf(check.match) });
      }
    }
  }
  const skipped = skips.length;
  return { total: passed + skipped + failed.length, passed, skipped, failed, skips };
}

/** Why a condition cannot be held against our events. */
function whySkipped({ match, count, filename, requires }: Check): string {
  if (filename !== undefined) return 'a second output that settings filter, which are not in the corpus';
  if (requires?.['lt-version'] !== undefined) return 'of an older version; the newer one has a check of its own';
  if (count === 0 && match['tx_id'] !== undefined) return 'a transaction by its number, which no event of ours has';
  switch (match['event_type']) {
    case undefined:
      return 'names no type of record';
    case 'alert':
      return 'a signature of Suricata, which is not ours to run';
    case 'anomaly':
      return 'an anomaly of its parser; ours are problems beside the events';
    case 'smb':
      return 'counts commands of SMB; we as Zeek tell what they open, read and write';
    case 'mqtt':
      return 'a message that is told with another (acknowledgement) or in the flow (end)';
    default:
      return `asks for ${Object.keys(match).find((path) => path.includes('.'))}, which no event of ours has`;
  }
}

/** What Suricata means by a record where it differs. */
function whyOf(match: Check['match']): string | undefined {
  switch (match['event_type']) {
    case 'bittorrent_dht':
      return 'without its transaction a message is none of KRPC (BEP 5): we count it as not readable';
    case 'dhcp':
      return 'Suricata tells each message, we as Zeek the exchange, with what came last';
    case 'fileinfo':
      return 'Suricata counts what is sent behind the announced length as content';
    case 'flow':
      return 'Suricata ends a flow of datagrams that has no answer after 30 s, we as Zeek after 60 s';
    default:
      return undefined;
  }
}

interface CaseFile {
  readonly pcap: string;
  /** With settings of its own, such as the seed of community ids. */
  readonly has_own_yaml: boolean;
  readonly expected_eve_checks: readonly Check[];
}

function readCase(folder: string): CaseFile {
  const read = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseFile;
  return { ...read, expected_eve_checks: read.expected_eve_checks.map(typed) };
}

/** A condition that leaves the type of the record out has it in its paths (`fileinfo.filename`). */
function typed(check: Check): Check {
  const { match } = check;
  const type =
    match['event_type'] ??
    Object.keys(match)
      .find((path) => path.includes('.'))
      ?.split('.')[0];
  return type === undefined ? check : { ...check, match: { event_type: type, ...match } };
}

/** Checks of old versions, and of outputs that a configuration filters. */
function isForUs({ filename, requires }: Check): boolean {
  return filename === undefined && requires?.['lt-version'] === undefined;
}

/** How many of our events fulfil a condition; undefined when none of it can be held against them. */
async function fulfilling(
  { match, count }: Check,
  events: readonly EventRow[],
  isConfigured: boolean,
): Promise<number | undefined> {
  const [expected] = await decodeEve(recordOf(match));
  // Signatures are not ours to run.
  if (expected === undefined || expected['kind'] === 'alert') return undefined;
  if (expected['kind'] === 'log') return fulfillingLogs(match, events);
  const columns = expectedColumns(expected, (column) => !ownColumns.has(column)).filter(
    (column) => column !== 'network_community_id' || !isConfigured,
  );
  const hasPaths = Object.keys(match).some((path) => path !== 'event_type' && path !== 'pcap_cnt');
  if (columns.length === 0 && hasPaths) return undefined;
  // No column holds the number of a transaction, and without it the others may well be there.
  if (count === 0 && match['tx_id'] !== undefined) return undefined;
  const ours = events.filter(
    (event) => event['kind'] === expected['kind'] && columns.every((column) => fits(column, expected, event)),
  );
  const packet = match['pcap_cnt'];
  const atPacket = typeof packet === 'number' ? ours.filter((event) => event['evidence_at'] === packet) : ours;
  // Where a packet is named, an event that holds both a question and its answer stands at the first of the two.
  const counted = atPacket.length === 0 ? ours : atPacket;
  const isApart = expected['kind'] === 'dns' && expected['dns_type'] === null;
  return counted.reduce((sum, event) => sum + (isApart && event['dns_response_code'] !== null ? 2 : 1), 0);
}

/** Zeek's names of services, which are ours, where Suricata has others. */
const names: Readonly<Record<string, readonly string[]>> = {
  tls: ['ssl'],
  pgsql: ['postgresql'],
  dcerpc: ['dce_rpc'],
  krb5: ['krb', 'krb_tcp'],
  ldap: ['ldap_tcp', 'ldap_udp'],
  dnp3: ['dnp3_tcp', 'dnp3_udp'],
  mdns: ['dns'],
  llmnr: ['dns'],
};

function fits(column: string, expected: EventRow, got: EventRow): boolean {
  const [want, value] = [expected[column], got[column]];
  // As in Zeek's log, only a question that was seen has its type.
  if (column === 'dns_type') return got[want === 'answer' ? 'dns_response_code' : 'dns_question_type'] !== null;
  if (column === 'network_protocol') return isService(servicesOf(value), String(want));
  if (column === 'tls_version') return normalVersion(value) === normalVersion(want);
  if (column === 'dhcp_message_types') return sameTypes(want, value);
  if (Array.isArray(want)) return Array.isArray(value) && want.every((one) => value.includes(one));
  return value === want;
}

function isService(services: readonly string[], want: string): boolean {
  return [want, ...(names[want] ?? [])].some((name) => services.includes(name));
}

function servicesOf(value: unknown): string[] {
  return typeof value === 'string' ? value.split(',') : [];
}

function normalVersion(version: unknown): string {
  return String(version)
    .replace(/[^0-9]/g, '')
    .replace(/^1$/, '10');
}

/** Suricata writes a record for each message, we write one for the exchange. */
function sameTypes(want: unknown, value: unknown): boolean {
  if (!Array.isArray(want) || !Array.isArray(value)) return false;
  const types = value.map((type) => String(type).toLowerCase());
  return want.every((type) => types.includes(String(type).toLowerCase()));
}
