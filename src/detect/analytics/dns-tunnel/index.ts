import { z } from 'zod';
import { formatDuration } from '../../../base/time.ts';
import type { Finding } from '../../../events/finding.ts';
import type { ReadStore, SqlRow } from '../../../store/store.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import { answerBytes, candidates, connectedShare, namesOf } from './candidates.ts';
import { analysePayload, type Payload } from './payload.ts';
import { scoreChannel } from './score.ts';
import { textAnswers } from './text-answers.ts';

/** Names of one candidate that are looked at; the rest is counted. */
const maxNames = 200_000;

const settings = z.strictObject({
  min_names: z.number().int().min(2).default(12).describe('Distinct names below a domain from which a client is looked at.'),
  min_characters: z.number().int().min(1).default(250).describe('Characters before the registered domain, over all names, from which it is looked at.'),
  min_score: z.number().min(0).max(1).default(0.45).describe('Channels below this make no finding.'),
});

export const analytic = defineAnalytic({
  id: 'dns-tunnel',
  title: 'DNS as a channel',
  description:
    'Data carried in DNS names and answers, per client and registered domain, over any length of time. The names are taken as one body of text: how much it can carry decoded, whether it looks encoded, whether names repeat, which record types carry it, what the answers hold. Reputation look-ups, block lists, CDNs and mail authentication are told apart by behaviour: answers in 127.0.0.0/8, reversed addresses, many clients, connections that follow. Text answers that hold no text are told beside, as a hint.',
  reads: ['dns'],
  attack: ['T1071.004', 'T1048.003', 'T1572'],
  guide: ['B17', 'B24', 'B16'],
  references: ['https://attack.mitre.org/techniques/T1071/004/', 'https://arxiv.org/abs/1709.08395', 'https://arxiv.org/abs/2307.02614'],
  settings,
  async *run({ store, timeCondition, settings: bounds }) {
    const network = await clientsOf(store);
    const hasFlows = (await store.count('flow')) > 0;
    const sql = candidates(store.macros, timeCondition, { names: bounds.min_names, characters: bounds.min_characters });
    for (const row of await store.query(sql)) {
      const finding = await judge(store, row, network, hasFlows);
      if (finding.score >= bounds.min_score) yield finding;
    }
    yield* textAnswers(store, timeCondition);
  },
});

async function clientsOf(store: ReadStore): Promise<number> {
  const [row] = await store.query(`SELECT ${store.macros.countDistinct('source_ip')} AS n FROM dns`);
  return Number(row?.['n'] ?? 0);
}

async function judge(store: ReadStore, row: SqlRow, network: number, hasFlows: boolean): Promise<Finding> {
  const client = String(row['client']);
  const domain = String(row['registered']);
  const names: string[] = [];
  for await (const chunk of store.scan(namesOf(store.macros, maxNames), [client, domain])) {
    for (const name of chunk.texts(0)) if (name !== null) names.push(name);
  }
  const payload = analysePayload(names, domain);
  const [answers] = await store.query(answerBytes(), [client, domain]);
  const questions = Math.max(1, Number(row['questions']));
  const resolved = Number(row['resolved']);
  const { score, reasons } = scoreChannel({
    queries: questions,
    payload,
    oddTypeShare: Math.min(1, Number(row['odd']) / questions),
    oddTypes: textsOf(row['odd_types']),
    answerBytes: Number(answers?.['bytes'] ?? 0),
    verdictShare: resolved === 0 ? 0 : Number(row['verdicts']) / resolved,
    connectedShare: hasFlows ? await connected(store, client, domain) : undefined,
    clients: Number(row['clients']),
    network,
  });
  return toFinding(row, { client, domain, payload, score, reasons });
}

async function connected(store: ReadStore, client: string, domain: string): Promise<number | undefined> {
  const [row] = await store.query(connectedShare(), [client, client, domain]);
  const resolved = Number(row?.['resolved'] ?? 0);
  return resolved === 0 ? undefined : Number(row?.['connected']) / resolved;
}

interface Judged {
  readonly client: string;
  readonly domain: string;
  readonly payload: Payload;
  readonly score: number;
  readonly reasons: Finding['reasons'];
}

function toFinding(row: SqlRow, { client, domain, payload, score, reasons }: Judged): Finding {
  const first = Number(row['first']);
  const last = Number(row['last']);
  const duration = formatDuration(last - first);
  return makeFinding({
    about: [client, domain],
    detector: 'analytics/dns-tunnel',
    title: `${client} carries data in DNS names below ${domain}`,
    severity: severityOf(score),
    score,
    first_seen: first,
    last_seen: last,
    entities: [
      { kind: 'host', value: client },
      { kind: 'domain', value: domain },
    ],
    attack: ['T1071.004', 'T1048.003'],
    reasons: [
      ...reasons,
      { what: 'over', value: duration },
      { what: 'names', value: payload.examples.join(', ').slice(0, 300) },
      { what: 'asked of', value: String(row['resolver'] ?? 'unknown') },
    ],
    evidence: pointersOf(row),
    count: Number(row['n']),
    vanishes: 'the names below the domain repeat, are asked by many machines, or lead to connections',
    next: `find the process on ${client} that asks for names below ${domain}, block the domain, and decode the names`,
  });
}
