import { formatIso } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, maxPointers, severityOf } from '../../make-finding.ts';
import { begunUses, callsMade, programsSeen } from './queries.ts';
import { scoreUse } from './score.ts';
import { readServices, type Service } from './services.ts';
import { settings } from './settings.ts';
import { volumeOf, type Call, type Use } from './use.ts';

export const analytic = defineAnalytic({
  id: 'cloud-c2',
  title: 'Known services as a channel',
  description:
    'Social media, chat, paste, cloud storage, code hosting, documents, call-back and tunnel services that a machine begins to use after a time without, and not as people do: by a rhythm, by sending more than it gets, or with a client that is no browser. What others here use too weighs less, what only look-ups show stays low, and use that a machine had from the beginning is never told. The services stand in `content/services/web-services.txt`; names that the work needs are left out by `known`.',
  reads: ['tls', 'quic', 'http', 'dns'],
  countsCalls: true,
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
    if (services.size === 0) return;
    for (const use of await readUses(store, timeCondition, services, set.min_quiet_hours)) {
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

async function readUses(
  store: ReadStore,
  timeCondition: string,
  services: ReadonlyMap<string, Service>,
  quietHours: number,
): Promise<Use[]> {
  const domains = [...services.keys()];
  const begun = await store.query(begunUses(store.macros, timeCondition, domains.length, quietHours), domains);
  if (begun.length === 0) return [];
  const about = [...domains, ...begun.flatMap((row) => [String(row['source_ip']), String(row['place'])])];
  const read = async (query: typeof callsMade): Promise<Map<string, SqlRow[]>> =>
    Map.groupBy(await store.query(query(store.macros, timeCondition, domains.length, begun.length), about), keyOf);
  const [calls, programs] = [await read(callsMade), await read(programsSeen)];
  return begun.flatMap((row) => {
    const service = services.get(String(row['place']));
    const all = (calls.get(keyOf(row)) ?? []).map(toCall);
    const made = all.filter(({ isAsked }) => !isAsked);
    if (service === undefined || all.length === 0) return [];
    return [
      {
        source: String(row['source_ip']),
        service,
        calls: made.length > 0 ? made : all,
        begun: Number(row['begun']),
        knownSince: Number(row['known_since']),
        hosts: Number(row['hosts']),
        networkSize: Number(row['network_size']),
        programs: (programs.get(keyOf(row)) ?? []).map((entry) => String(entry['program'])),
      },
    ];
  });
}

function keyOf(row: SqlRow): string {
  return `${String(row['source_ip'])} ${String(row['place'])}`;
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
    evidenceId: Number(row['evidence_id']),
    evidenceAt: Number(row['evidence_at']),
    sent: Number(row['sent'] ?? 0),
    received: Number(row['received'] ?? 0),
    agent: text('agent'),
    fingerprint: text('fingerprint'),
    fingerprintHosts: Number(row['fingerprint_hosts'] ?? 0),
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
