import { z } from 'zod';
import { formatBytes } from '../../../base/bytes.ts';
import { formatDuration } from '../../../base/time.ts';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, pointersOf, severityOf, textsOf } from '../../make-finding.ts';
import { roundedReasons, sumOfReasons } from '../../pairs/reasons.ts';
import { ramp } from '../../ramp.ts';
import type { SqlRow } from '../../../store/store.ts';
import { poolDomains } from '../../../match/pool-domains.ts';
import { poolCalls } from './queries.ts';

const settings = z.strictObject({
  pools: z.array(z.string()).default([]).describe('Domains of further mining pools; names below them count too.'),
});

export const analytic = defineAnalytic({
  id: 'miner',
  title: 'Mining of crypto-currency',
  description:
    'Machines that talk to a mining pool: by the protocol, where a capture or a sensor recognises Stratum; by the name of a known pool in TLS or HTTP, or an address that the DNS gave for one; and beside those by how long they stay connected. A name that was only looked up stays low.',
  reads: ['flow', 'dns', 'tls', 'http'],
  countsCalls: true,
  attack: ['T1496.001'],
  guide: ['C10', 'C17'],
  references: ['https://attack.mitre.org/techniques/T1496/001/', 'https://en.bitcoin.it/wiki/Stratum_mining_protocol'],
  settings,
  async *run({ store, timeCondition, settings: { pools } }) {
    const domains = [...poolDomains, ...pools.map((pool) => pool.toLowerCase())];
    const rows = await store.query(poolCalls(store.macros, timeCondition, domains.length), domains);
    for (const row of rows) yield judge(row);
  },
});

/** Minutes of talking to a pool that make sure that somebody mines and did not just try. */
const surelyMinutes = 30;

function judge(row: SqlRow): Finding {
  const [source, place] = [String(row['source']), String(row['place'])];
  const number = (column: string): number => Number(row[column] ?? 0);
  const [addresses, wallets] = [textsOf(row['addresses']), textsOf(row['users'])];
  const isProtocol = number('by_protocol') > 0;
  const isNamed = number('by_name') > 0;
  const minutes = number('duration') / 60_000_000;
  const reasons: Reason[] = roundedReasons([
    ...(isProtocol ? [{ what: 'speaks Stratum', value: `connections: ${number('by_protocol')}`, weight: 0.5 }] : []),
    ...(isNamed ? [{ what: 'a known mining pool', value: place, weight: isProtocol ? 0.2 : 0.3 }] : []),
    ...(number('flows') > 0
      ? [
          {
            what: 'connected for',
            value: formatDuration(number('duration')),
            weight: 0.25 * ramp(minutes, 0, surelyMinutes),
          },
        ]
      : [{ what: 'connections', value: 'none seen, the name was only asked for' }]),
    ...(wallets.length > 0 ? [{ what: 'for the wallet', value: wallets.join(', ') }] : []),
    {
      what: 'bytes out and in',
      value: `${formatBytes(number('bytes_out'))} out, ${formatBytes(number('bytes_in'))} in`,
    },
  ]);
  const score = sumOfReasons(reasons);
  const entities: Entity[] = [
    { kind: 'host', value: source },
    ...addresses.map((value): Entity => ({ kind: 'address', value })),
    ...(isNamed ? [{ kind: 'domain', value: place } as const] : []),
  ];
  return makeFinding({
    about: [source, place],
    detector: 'analytics/miner',
    title: `${source} ${number('flows') > 0 || isProtocol ? 'mines for' : 'asked for'} ${isNamed ? 'the pool ' : ''}${place}`,
    severity: severityOf(score),
    score,
    first_seen: number('first'),
    last_seen: number('last'),
    entities,
    attack: ['T1496.001'],
    reasons,
    evidence: pointersOf(row),
    count: number('n'),
    vanishes: `${place} is no mining pool, and nothing on ${source} speaks Stratum with it`,
    next: `find the process on ${source} that takes all the processor, and how it came there`,
  });
}
