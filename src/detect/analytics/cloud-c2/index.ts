import { formatIso } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, maxPointers, severityOf } from '../../make-finding.ts';
import { begunUses, callsOf, hostsWithFingerprint, programsOf } from './queries.ts';
import { scoreUse } from './score.ts';
import { readServices, type Service } from './services.ts';
import { settings } from './settings.ts';
import { mostCommon, volumeOf, type Call, type Use } from './use.ts';

export const analytic = defineAnalytic({
  id: 'cloud-c2',
  title: 'Known services as a channel',
  description:
    'Social media, chat, paste, cloud storage, code hosting, documents, call-back and tunnel services that a machine begins to use after a time without, and not as people do: by a rhythm, by sending more than it gets, or with a client that is no browser. What others here use too weighs less, what only look-ups show stays low, and use that a machine had from the beginning is never told. The services stand in `content/services/web-services.txt`; names that the work needs are left out by `known`.',
  reads: ['tls', 'quic', 'http', 'dns'],
  attack: ['T1102', 'T1102.002', 'T1567', 'T1567.002', 'T1572'],
  guide: ['B01', 'B12', 'B16', 'B18'],
  references: [
    'https://attack.mitre.org/techniques/T1102/',
    'https://attack.mitre.org/techniques/T1567/',
    'https://attack.mitre.org/techniques/T1572/',
  ],
  settings,
  async *run({ store, timeCondition, settings: set }) {
    const services = servicesOf(set.services, set.known);
    const domains = [...services.keys()];
    if (domains.length === 0) return;
    const query = begunUses(store.macros, timeCondition, domains.length, set.min_quiet_hours);
    for (const row of await store.query(query, domains)) {
      const service = services.get(String(row['place']));
      if (service === undefined) continue;
      const use = await readUse(store, timeCondition, domains, row, service);
      const judged = scoreUse(use, { leastVisits: set.min_visits, leastUpload: set.min_upload_bytes });
      if (judged !== undefined && judged.score >= set.min_score) yield toFinding(use, judged);
    }
  },
});

function servicesOf(more: readonly string[], known: readonly string[]): Map<string, Service> {
  const services = new Map(readServices().map((service) => [service.name, service]));
  for (const name of more) services.set(name.toLowerCase(), { name: name.toLowerCase(), category: 'documents' });
  for (const name of known) services.delete(name.toLowerCase());
  return services;
}

async function readUse(
  store: ReadStore,
  timeCondition: string,
  domains: readonly string[],
  row: SqlRow,
  service: Service,
): Promise<Use> {
  const source = String(row['source_ip']);
  const about = [...domains, source, service.name];
  const all = (await store.query(callsOf(store.macros, timeCondition, domains.length), about)).map(toCall);
  const made = all.filter(({ isAsked }) => !isAsked);
  const calls = made.length > 0 ? made : all;
  const programs = await store.query(programsOf(store.macros, timeCondition, domains.length), [...about, source]);
  const fingerprint = mostCommon(calls.map((call) => call.fingerprint));
  const [shown] = fingerprint === undefined ? [] : await store.query(hostsWithFingerprint, [fingerprint]);
  return {
    source,
    service,
    calls,
    begun: Number(row['begun']),
    knownSince: Number(row['known_since']),
    hosts: Number(row['hosts']),
    networkSize: Number(row['network_size']),
    programs: programs.map((entry) => String(entry['program'])),
    fingerprintHosts: typeof shown?.['hosts'] === 'number' ? shown['hosts'] : undefined,
  };
}

function toCall(row: SqlRow): Call {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    at: Number(row['called_at']),
    uid: text('uid'),
    name: String(row['name']),
    isAsked: row['is_asked'] === 1,
    address: text('destination_ip'),
    evidenceId: Number(row['evidence_id']),
    evidenceAt: Number(row['evidence_at']),
    sent: Number(row['sent'] ?? 0),
    received: Number(row['received'] ?? 0),
    agent: text('agent'),
    fingerprint: text('fingerprint'),
  };
}

/** Techniques by what the service is for and by which way the data goes. */
function techniques(use: Use, reasons: readonly Reason[]): string[] {
  if (use.service.category === 'tunnel') return ['T1572', 'T1102'];
  const isUpload = reasons.some(({ what }) => what === 'sends more than it gets');
  const upload = use.service.category === 'storage' ? 'T1567.002' : 'T1567';
  return ['T1102', ...(isUpload ? [upload, 'T1102.002'] : [])];
}

function toFinding(
  use: Use,
  { score, reasons }: { readonly score: number; readonly reasons: readonly Reason[] },
): Finding {
  const { source, service, calls } = use;
  const names = [...new Set(calls.map(({ name }) => name))].slice(0, 5);
  const [program] = use.programs;
  const { sent } = volumeOf(calls);
  return makeFinding({
    about: [source, service.name],
    detector: 'analytics/cloud-c2',
    title: `${source} begins to use ${service.name}, and not as people do`,
    sentence: `${source} began to call ${service.name}, which it had not used before`,
    severity: severityOf(score),
    score,
    first_seen: calls[0]?.at ?? use.begun,
    last_seen: calls.at(-1)?.at ?? use.begun,
    entities: [
      { kind: 'host', value: source },
      ...names.map((value): Entity => ({ kind: 'domain', value })),
      ...(program === undefined ? [] : [{ kind: 'executable', value: program } satisfies Entity]),
    ],
    attack: techniques(use, reasons),
    reasons,
    evidence: [...calls.slice(0, maxPointers - 1), ...calls.slice(maxPointers - 1).slice(-1)].map((call) => ({
      evidence_id: call.evidenceId,
      at: call.evidenceAt,
    })),
    count: calls.length,
    vanishes: `${source} had used ${service.name} before ${formatIso(use.begun).slice(0, 10)}, or used it in bursts and with a browser, as people do`,
    next:
      program === undefined
        ? `find the program on ${source} that calls ${service.name}${sent > 0 ? ', and what it sends' : ''}`
        : `find out where ${program} on ${source} came from, and which account of ${service.name} it uses`,
  });
}
