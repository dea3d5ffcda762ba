import type { Micros } from '../../../base/time.ts';
import type { Reason } from '../../../events/finding.ts';
import type { Claim } from '../../claim.ts';
import type { ShodanHost, ShodanService } from './host.ts';

/** Tags with which Shodan's crawlers mark servers of attackers. */
const badTags: ReadonlySet<string> = new Set(['c2', 'compromised', 'malware', 'scanner']);

/** What is odd about an address, for a case: tags of attackers, and fingerprints that are published for their tools. */
export function claimsOf(address: string, host: ShodanHost, path: string, time: Micros): Claim[] {
  const base = { path, time, attack: ['T1071'], entities: [{ kind: 'address', value: address }] } as const;
  const tags = host.tags.filter((tag) => badTags.has(tag));
  const next = `Look which of your machines talk to ${address}, and with which program`;
  const tagged: Claim[] = tags.map((tag) => ({
    ...base,
    detector: `shodan/tag/${tag}`,
    title: `${address} is marked as ${tag} by Shodan`,
    severity: tag === 'scanner' ? 'low' : 'high',
    score: tag === 'scanner' ? 0.3 : 0.7,
    about: [tag],
    reasons: [{ what: `tag ${tag}`, value: host.updated ?? 'no date', weight: tag === 'scanner' ? 0.3 : 0.7 }],
    vanishes: `Shodan no longer marked ${address} so`,
    next,
  }));
  const alike = host.services.flatMap((service): Claim[] => {
    if (service.seen_with === undefined) return [];
    return [
      {
        ...base,
        detector: 'shodan/fingerprint',
        title: `port ${service.port} of ${address} answers TLS as ${service.seen_with} does`,
        severity: 'low',
        score: 0.3,
        about: [String(service.port)],
        reasons: reasonsOf(service),
        vanishes: 'the server had another TLS stack',
        next,
      },
    ];
  });
  return [...tagged, ...alike];
}

function reasonsOf({ jarm, ja3s, seen_with: known, seen }: ShodanService): Reason[] {
  return [
    { what: 'fingerprint published for', value: known ?? '', weight: 0.3 },
    ...(jarm === undefined ? [] : [{ what: 'JARM', value: jarm }]),
    ...(ja3s === undefined ? [] : [{ what: 'JA3S', value: ja3s }]),
    ...(seen === undefined ? [] : [{ what: 'seen by Shodan', value: seen }]),
  ];
}
