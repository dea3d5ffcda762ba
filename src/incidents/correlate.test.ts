import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passesOn, type Finding } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import { correlate } from './correlate.ts';
import {
  blueAttacker,
  context,
  dayStart,
  entities,
  finding,
  intrusion,
  minutes,
  noise,
  proxy,
  redAttacker,
  shop07,
  web01,
} from './testdata/scenarios.ts';

const severe = (incidents: readonly Incident[]): Incident[] =>
  incidents.filter(({ severity }) => severity === 'high' || severity === 'critical');
const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id).sort();
const members = (incident: Incident | undefined): string[] => [...(incident?.findings ?? [])].sort();

describe('an intrusion in the middle of noise', () => {
  const chain = intrusion(web01, redAttacker);
  const incidents = correlate([...noise(), ...chain], context);

  it('is the one severe incident, and the first', () => {
    expect(severe(incidents)).toHaveLength(1);
    expect(incidents[0]).toBe(severe(incidents)[0]);
  });
  it('holds every step and none of the noise', () => {
    expect(members(incidents[0])).toEqual(ids(chain));
  });
  it('is told step by step in time order, by the name of the host', () => {
    expect(incidents[0]?.story.map(({ text }) => text)).toEqual([
      'JNDI look-up string in an HTTP request on web01 (192.0.2.99)',
      'Server asked an outside LDAP server for an object on web01 (203.0.113.7)',
      'java started /bin/sh on web01',
      'Cron file with a download from the network on web01',
      'Beacon every 60 s on web01 (203.0.113.7), 1431 events until 2026-11-25 10:00 UTC',
      'Data in DNS names of x.evil.example on web01, 5210 events until 2026-11-25 10:00 UTC',
    ]);
  });
  it('has a title that says what happened, where and to whom', () => {
    expect(incidents[0]?.title).toBe(
      'Log4Shell exploitation of web01, implant beaconing to 203.0.113.7, data carried out to x.evil.example',
    );
  });
  it('names a place once where two steps went to it', () => {
    const toOne = chain.map((one) => {
      const isTunnel = one.attack.some((technique) => technique.startsWith('T1048'));
      return isTunnel ? { ...one, entities: entities(['host', web01.address], ['address', redAttacker.address]) } : one;
    });
    expect(correlate([...noise(), ...toOne], context)[0]?.title).toBe(
      'Log4Shell exploitation of web01, implant beaconing, data carried out to 203.0.113.7',
    );
  });
  it('says why each finding was joined', () => {
    const links = incidents[0]?.links ?? [];
    expect(links).toHaveLength(chain.length - 1);
    expect(links.map(({ why }) => why).join('\n')).toContain('one names address 203.0.113.7, which the other is about');
  });
  it('begins what to do with stopping it', () => {
    expect(incidents[0]?.next[0]).toContain('Take web01 off the network');
    expect(incidents[0]?.next[1]).toContain('Block 203.0.113.7, x.evil.example');
  });
  it('does not take off the network what only passed on what others asked', () => {
    const tunnel = finding({
      detector: 'analytics/dns-tunnel',
      title: '10.0.0.1 carries data in DNS names below evil.example',
      severity: 'critical',
      entities: entities(['host', '10.0.0.1'], ['domain', 'evil.example']),
      attack: ['T1071.004', 'T1048.003'],
    });
    const relay = { ...tunnel, reasons: [{ what: passesOn, value: '9 machines ask 10.0.0.1 for names' }] };
    expect(correlate([tunnel], context)[0]?.next[0]).toContain('Take 10.0.0.1 off');
    expect(correlate([relay], context)[0]?.next[0]).toContain('Block evil.example');
  });
});

describe('two intrusions at the same time', () => {
  const red = intrusion(web01, redAttacker);
  const blue = intrusion(shop07, blueAttacker, minutes(3));
  const throughProxy = (findings: readonly Finding[]): Finding[] =>
    findings.map((one) =>
      one.detector === 'analytics/beacon'
        ? { ...one, entities: [...one.entities, ...entities(['address', proxy])] }
        : one,
    );

  it('stay two when they share only the resolver and the proxy', () => {
    const incidents = correlate([...throughProxy(red), ...throughProxy(blue), ...noise()], context);
    expect(severe(incidents).map(members)).toEqual(expect.arrayContaining([ids(red), ids(blue)]));
    expect(severe(incidents)).toHaveLength(2);
  });
  it('stay two when the store cannot tell how common resolver and proxy are', () => {
    const unknown = { ...context, prevalence: () => undefined };
    expect(severe(correlate([...throughProxy(red), ...throughProxy(blue)], unknown))).toHaveLength(2);
  });
  it('stay two when one scanner knocked on both doors', () => {
    const scanner = { ...blueAttacker, source: redAttacker.source };
    const incidents = correlate([...red, ...intrusion(shop07, scanner, minutes(3)), ...noise()], context);
    expect(severe(incidents)).toHaveLength(2);
  });
  it('stay two when both beacons are seen only as far as the proxy', () => {
    const hidden = [...red, ...blue].map((one) =>
      one.detector === 'analytics/beacon'
        ? { ...one, entities: [...one.entities.filter(({ kind }) => kind === 'host'), ...entities(['address', proxy])] }
        : one,
    );
    expect(severe(correlate([...hidden, ...noise()], context))).toHaveLength(2);
  });
});

describe('one command server', () => {
  const victims = ['10.1.2.3', '10.1.2.77', '10.1.2.50'];
  const beacons = victims.map((host, index) =>
    finding({
      detector: 'analytics/beacon',
      title: `Beacon of ${host}`,
      severity: 'high',
      first_seen: minutes(index * 300),
      last_seen: minutes(1440),
      entities: entities(['host', host], ['address', redAttacker.address]),
      attack: ['T1071.001'],
    }),
  );
  it('makes one incident of the three hosts that call it', () => {
    const incidents = correlate([...beacons, ...noise()], context);
    expect(severe(incidents)).toHaveLength(1);
    expect(members(incidents[0])).toEqual(ids(beacons));
    expect(incidents[0]?.entities.filter(({ kind }) => kind === 'host').map(({ value }) => value)).toEqual(
      expect.arrayContaining(victims),
    );
    expect(incidents[0]?.title).toContain('2 more hosts');
  });
  it('makes one incident of an outbreak on most hosts, each with a story of its own', () => {
    const outbreak = Array.from({ length: 30 }, (_none, index) =>
      intrusion(
        { name: `srv${index}`, address: `10.2.0.${index + 1}`, container: `c${index}` },
        redAttacker,
        minutes(index),
      ),
    ).flat();
    const everywhere = { ...context, prevalence: () => ({ hosts: 30, totalHosts: 40 }) };
    const incidents = correlate(outbreak, { ...everywhere, aliases: aliasesByNumber });
    expect(incidents[0]?.findings.length).toBeGreaterThan(100);
    expect(severe(incidents).length).toBeLessThan(5);
  });
  it('leaves a harmless server that every host calls at medium or below, as one incident', () => {
    const heartbeats = Array.from({ length: 40 }, (_none, index) =>
      finding({
        detector: 'analytics/beacon',
        title: 'Beacon every 60 s',
        score: 0.99,
        first_seen: minutes(index),
        last_seen: minutes(1440),
        entities: entities(['host', `10.1.2.${index + 38}`], ['domain', 'telemetry.vendor.example']),
        attack: ['T1071.001'],
      }),
    );
    const common = { ...context, prevalence: () => ({ hosts: 40, totalHosts: 40 }) };
    const incidents = correlate([...heartbeats, ...intrusion(shop07, redAttacker)], {
      ...common,
      prevalence: (entity) => (entity.value.startsWith('telemetry') ? common.prevalence() : context.prevalence(entity)),
    });
    expect(incidents.filter(({ title }) => title.includes('telemetry')).every(({ risk }) => risk < 30)).toBe(true);
    expect(severe(incidents).map(members)).toEqual([ids(intrusion(shop07, redAttacker))]);
  });
});

function aliasesByNumber(value: string): readonly string[] {
  const number = /^(?:srv(?<name>\d+)|10\.2\.0\.(?<address>\d+))$/.exec(value)?.groups;
  if (number === undefined) return [];
  const index = number['name'] === undefined ? Number(number['address']) - 1 : Number(number['name']);
  return [`srv${index}`, `10.2.0.${index + 1}`];
}

describe('a noisy host', () => {
  const grumble = Array.from({ length: 300 }, (_none, index) =>
    finding({
      detector: `rules/falco/Rule ${index % 10}`,
      title: `Rule ${index % 10} matched`,
      first_seen: minutes(-index * 61),
      entities: entities(['host', web01.name], ['file', `${web01.name}:/srv/app/${index}`]),
      attack: [['T1059', 'T1053', 'T1082', 'T1070', 'T1003'][index % 5] ?? ''],
    }),
  );
  it('does not swallow an intrusion on it', () => {
    const chain = intrusion(web01, redAttacker);
    const [first] = correlate([...grumble, ...chain], context);
    expect(members(first)).toEqual(expect.arrayContaining(ids(chain)));
    expect(first?.findings.length).toBeLessThan(chain.length + 6);
  });
  it('is not one incident of two weeks by being one host', () => {
    const largest = Math.max(...correlate(grumble, context).map((incident) => incident.findings.length));
    expect(largest).toBeLessThan(10);
  });
});

describe('a file that two programs read', () => {
  const read = (program: string, at: number, ...attack: string[]): Finding =>
    finding({
      detector: 'alerts/falco/Read sensitive file untrusted',
      title: 'Read sensitive file untrusted',
      first_seen: minutes(at),
      entities: entities(
        ['host', web01.name],
        ['executable', program],
        ['user', 'root'],
        ['file', `${web01.name}:/etc/shadow`],
      ),
      attack,
    });
  const together = (...findings: Finding[]): boolean =>
    correlate(findings, context).some((incident) => incident.findings.length === findings.length);

  it('makes no story of a backup at night and a stranger by day', () => {
    const backup = read('/usr/bin/restic', 0, 'T1003');
    expect(together(backup, read('/var/cache/.sysd', 530, 'T1003'))).toBe(false);
    expect(together(backup, read('/usr/bin/restic', 530, 'T1003'))).toBe(true);
  });
  it('does when it was minutes ago, and when one of them did more than read', () => {
    expect(together(read('/usr/bin/cat', 0, 'T1003'), read('/usr/bin/curl', 5, 'T1003'))).toBe(true);
    expect(together(read('/usr/bin/cat', 0, 'T1003'), read('/usr/bin/tee', 530, 'T1098'))).toBe(true);
  });
});

describe('a user that all on the machine is run as', () => {
  const act = (user: string, at: number, technique: string): Finding =>
    finding({
      detector: `rules/falco/${technique}`,
      title: technique,
      severity: 'high',
      first_seen: minutes(at),
      entities: entities(['host', web01.name], ['user', user]),
      attack: [technique],
    });
  /** Whether something of half a day before belongs to what came, where others act as that user as well. */
  const isLinked = (user: string, others: readonly string[]): boolean => {
    const first = act(user, 0, 'T1003');
    const later = ['T1190', 'T1059', 'T1105'].map((technique, index) => act(user, 560 + index, technique));
    const beside = others.map((other, index) => act(other, -2000 * (index + 1), 'T1046'));
    return correlate([first, ...later, ...beside], context).some(
      ({ findings }) => findings.includes(first.id) && findings.length > 1,
    );
  };
  it('tells no more than the machine does, and one of several does tell', () => {
    expect(isLinked('root', ['root', 'root', 'root'])).toBe(false);
    expect(isLinked('root', ['anna', 'bo', 'cia'])).toBe(true);
  });
});

describe('what is no incident', () => {
  it('is an empty case', () => {
    expect(correlate([], context)).toEqual([]);
  });
  it('is noise alone: low and info findings never become severe', () => {
    expect(correlate(noise(2000), context).every(({ risk }) => risk < 50)).toBe(true);
  });
  it('is a list of vulnerable packages, until one of them is attacked', () => {
    const weak = finding({
      detector: 'advisories/CVE-2021-44228',
      title: 'log4j-core 2.14.1 is vulnerable',
      severity: 'critical',
      first_seen: minutes(-90 * 1440),
      entities: entities(['image', 'shop:1'], ['package', 'log4j-core'], ['vulnerability', 'CVE-2021-44228']),
    });
    expect(correlate([weak], context)).toEqual([]);
    const attack = finding({
      detector: 'analytics/log4shell',
      title: 'JNDI look-up string',
      entities: entities(['host', 'web01'], ['image', 'shop:1'], ['vulnerability', 'CVE-2021-44228']),
      attack: ['T1190'],
    });
    const [incident] = correlate([weak, attack], context);
    expect(members(incident)).toEqual(ids([weak, attack]));
    expect(incident?.first_seen).toBe(attack.first_seen);
    expect(incident?.severity).toBe('medium');
  });
});

describe('the result', () => {
  const findings = [...intrusion(web01, redAttacker), ...intrusion(shop07, blueAttacker, minutes(3)), ...noise(60)];
  it('is the same for every order of the findings, and with doubles', () => {
    const expected = correlate(findings, context);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(findings, { minLength: findings.length }),
        fc.subarray(findings),
        (order, doubles) => {
          expect(correlate([...doubles, ...order], context)).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });
  it('holds each finding at most once, whatever was found', () => {
    const value = fc.constantFrom(
      'web01',
      'db02',
      '10.0.0.1',
      '203.0.113.9',
      'a.example',
      'b.example',
      '',
      '__proto__',
    );
    const kind = fc.constantFrom('host', 'address', 'domain', 'process', 'container', 'vulnerability', 'user');
    const arbitrary = fc.record({
      detector: fc.constantFrom('analytics/beacon', 'alerts/suricata/1', 'rules/sigma/x', 'advisories/y', ''),
      title: fc.string(),
      severity: fc.constantFrom('info', 'low', 'medium', 'high', 'critical'),
      score: fc.oneof(fc.double(), fc.constant(Number.NaN)),
      first_seen: fc.integer({ min: dayStart, max: minutes(3000) }),
      attack: fc.array(fc.constantFrom('T1190', 'T1059.004', 't1071', 'T9999', 'nonsense', ''), { maxLength: 4 }),
      entities: fc.array(fc.record({ kind, value }), { maxLength: 5 }),
    });
    fc.assert(
      fc.property(fc.array(arbitrary, { maxLength: 40 }), (parts) => {
        const found = parts.map((part, index) => finding({ ...part, id: `f-${index}` }));
        const incidents = correlate(found, context);
        const held = incidents.flatMap((incident) => incident.findings);
        expect(new Set(held).size).toBe(held.length);
        for (const incident of incidents) {
          expect(incident.risk).toBeGreaterThanOrEqual(0);
          expect(incident.risk).toBeLessThanOrEqual(100);
          expect(incident.first_seen).toBeLessThanOrEqual(incident.last_seen);
          expect(incident.story.map(({ time }) => time)).toEqual(
            incident.story.map(({ time }) => time).sort((a, b) => a - b),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
  it('comes in under two seconds for 10,000 findings', () => {
    const many = Array.from({ length: 10_000 }, (_none, index) =>
      finding({
        detector: `rules/falco/Rule ${index % 60}`,
        title: `Rule ${index % 60}`,
        severity: index % 4 === 0 ? 'medium' : 'low',
        first_seen: minutes((index * 7919) % (14 * 1440)),
        attack: [['T1059', 'T1053', 'T1071', 'T1190'][index % 4] ?? ''],
        entities: entities(
          ['host', `h${index % 40}`],
          ['process', `h${index % 40}/${index % 5000}/p${index % 40}`],
          ['domain', `d${index % 900}.example`],
        ),
      }),
    );
    const before = process.cpuUsage();
    const incidents = correlate(many, context);
    const used = process.cpuUsage(before);
    expect(Math.max(...incidents.map((incident) => incident.story.length))).toBeLessThanOrEqual(40);
    expect((used.user + used.system) / 1e6).toBeLessThan(2);
  });
});
