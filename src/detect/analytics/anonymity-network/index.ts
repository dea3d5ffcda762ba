import { z } from 'zod';
import type { Entity } from '../../../events/entity.ts';
import type { Finding, Reason } from '../../../events/finding.ts';
import { defineAnalytic } from '../../analytic.ts';
import { makeFinding, severityOf } from '../../make-finding.ts';
import { signsQuery, toSign, type Sign, type SignId } from './signs.ts';

const settings = z.strictObject({
  min_made_up_names: z
    .number()
    .int()
    .min(1)
    .default(3)
    .describe('Made-up server names of one machine, each at a server of its own, from which they count.'),
});

export const analytic = defineAnalytic({
  id: 'anonymity-network',
  title: 'Use of Tor',
  description:
    'Machines of ours that use Tor, which implants use so that nobody sees where they call. Told by the certificates that relays make up (`www.` and base32, issuer and subject unlike), by server names of that shape that were never asked for in DNS, by what clients fetch from directory servers, by `.onion` names that leak into DNS, and by gateways that show hidden services to ordinary browsers. A browser of a person does the same: it is a matter of policy unless other things happened on the machine, so it is medium at most. Bridges that look like something else are not told.',
  reads: ['tls', 'dns', 'http'],
  attack: ['T1090.003'],
  guide: ['B12', 'B18'],
  references: ['https://attack.mitre.org/techniques/T1090/003/', 'https://spec.torproject.org/tor-spec/'],
  settings,
  async *run({ store, timeCondition, settings: { min_made_up_names: leastNames } }) {
    const rows = await store.query(signsQuery(store.macros, timeCondition));
    const signs = rows.map(toSign).filter(({ id, names, servers }) => {
      return id !== 'made-up-name' || Math.min(names, servers) >= leastNames;
    });
    for (const [source, own] of Map.groupBy(signs, (sign) => sign.source)) yield judge(source, own);
  },
});

const weights: Readonly<Record<SignId, number>> = {
  relay: 0.5,
  directory: 0.5,
  'made-up-name': 0.45,
  gateway: 0.4,
  'onion-name': 0.35,
};
/** Beyond it other behaviour must speak: people may use it. */
const mostByItself = 0.65;

function reasonOf({ id, names, servers, examples }: Sign): Reason {
  const some = examples.slice(0, 3).join(', ');
  const weight = weights[id];
  switch (id) {
    case 'relay':
      return { what: 'certificates as relays make them', value: `${servers} servers, as ${some}`, weight };
    case 'made-up-name':
      return {
        what: 'made-up names, never asked for',
        value: `${names} names at ${servers} servers, as ${some}`,
        weight,
      };
    case 'directory':
      return { what: 'fetched from directory servers', value: some, weight };
    case 'onion-name':
      return { what: 'hidden services asked for in DNS', value: some, weight };
    case 'gateway':
      return { what: 'gateway to hidden services', value: some, weight };
  }
}

function judge(source: string, signs: readonly Sign[]): Finding {
  const reasons = signs.map(reasonOf).sort((a, b) => (b.weight ?? 0) - (a.weight ?? 0));
  const sum = reasons.reduce((total, { weight }) => total + (weight ?? 0), 0);
  const score = Math.min(mostByItself, sum);
  const servers = [...new Set(signs.filter(isConnection).flatMap(({ destinations }) => destinations))];
  const entities: Entity[] = [
    { kind: 'host', value: source },
    ...servers.slice(0, 5).map((value): Entity => ({ kind: 'address', value })),
  ];
  return makeFinding({
    about: [source],
    detector: 'analytics/anonymity-network',
    title: `${source} uses Tor`,
    sentence: `${source} used Tor`,
    severity: severityOf(score),
    score,
    first_seen: Math.min(...signs.map(({ first }) => first)),
    last_seen: Math.max(...signs.map(({ last }) => last)),
    entities,
    attack: ['T1090.003'],
    reasons,
    evidence: signs.flatMap(({ evidence }) => evidence),
    count: signs.reduce((total, { count }) => total + count, 0),
    vanishes: 'nothing of the machine has the shape of Tor any more',
    next: `find the program on ${source} that calls these servers: a browser of a person, or something else`,
  });
}

/** Signs whose other side is the network itself and no resolver. */
function isConnection({ id }: Sign): boolean {
  return id === 'relay' || id === 'made-up-name' || id === 'directory';
}
