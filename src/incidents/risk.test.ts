import { describe, expect, it } from 'vitest';
import { microsPerDay } from '../base/time.ts';
import type { Finding } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import type { CorrelationContext } from './context.ts';
import { correlate } from './correlate.ts';
import { attackVersion, findTactic, stageOf, tactics } from './attack-tactics.ts';
import { severityOf } from './risk.ts';
import { context, entities, finding, intrusion, minutes, redAttacker, web01 } from './testdata/scenarios.ts';

const beacon = finding({
  detector: 'analytics/beacon',
  title: 'Beacon every 60 s',
  score: 0.9,
  entities: entities(['host', 'web01'], ['address', redAttacker.address]),
  attack: ['T1071.001'],
});
function only(findings: readonly Finding[], changes: Partial<CorrelationContext> = {}): Incident {
  const [incident, ...others] = correlate(findings, { ...context, ...changes });
  if (incident === undefined || others.length > 0) throw new Error(`${others.length + 1} incidents`);
  return incident;
}
const pointsOf = (incident: Incident, what: string): number =>
  incident.risk_parts.find((part) => part.what === what)?.points ?? 0;

describe('the risk of an incident', () => {
  it('is that of a single finding', () => {
    expect(only([beacon]).severity).toBe('medium');
    expect(only([{ ...beacon, severity: 'high' }]).severity).toBe('high');
    expect(only([{ ...beacon, severity: 'critical' }]).severity).toBe('critical');
  });
  it('is one step lower for what one other tool says alone, and not when we see it too', () => {
    const alert = {
      ...beacon,
      id: 'f-alert',
      detector: 'alerts/suricata/2034647',
      score: 0.75,
      severity: 'critical' as const,
    };
    expect(only([alert]).severity).toBe('high');
    expect(only([{ ...alert, severity: 'high' }]).severity).toBe('medium');
    expect(only([alert, beacon]).severity).toBe('critical');
  });
  it('is the rounded sum of its parts', () => {
    for (const incident of [only([beacon]), only(intrusion(web01, redAttacker))]) {
      const sum = incident.risk_parts.reduce((total, part) => total + part.points, 0);
      expect(incident.risk).toBe(Math.round(sum));
      expect(incident.severity).toBe(severityOf(incident.risk));
    }
  });
  it('grows with tactics, detectors and sources', () => {
    const chain = intrusion(web01, redAttacker);
    const risks = [1, 3, 4, 6].map((count) => only(chain.slice(0, count)).risk);
    expect(risks).toEqual([...risks].sort((a, b) => a - b));
    expect(risks.at(-1)).toBeGreaterThan((risks[0] ?? 0) + 15);
    const oneSource = only(chain, { evidenceSource: () => 'zeek' });
    expect(pointsOf(oneSource, 'independent sources')).toBe(0);
    expect(pointsOf(only(chain), 'independent sources')).toBeGreaterThan(0);
  });
  it('grows for what began after a day without it, and not for what was there from the beginning', () => {
    const began = beacon.first_seen;
    const late = only([beacon], { watchedSince: () => began - 3 * microsPerDay });
    expect(late.risk_parts.find(({ what }) => what === 'new')?.value).toBe('began after 3 d without it');
    expect(late.risk).toBeGreaterThan(only([beacon]).risk);
    expect(pointsOf(only([beacon], { watchedSince: () => began - microsPerDay / 2 }), 'new')).toBe(0);
  });
  it('does not grow with the machines that have the same program, but with those that more was done to', () => {
    const twin = { ...beacon, id: 'f-twin', entities: entities(['host', 'web02'], ['address', redAttacker.address]) };
    expect(pointsOf(only([beacon, twin]), 'hosts')).toBe(0);
    const spread = { ...twin, detector: 'analytics/lateral-movement', attack: ['T1021'] };
    expect(pointsOf(only([beacon, spread]), 'hosts')).toBeGreaterThan(0);
  });
  it('grows with the worth of the host', () => {
    const valued = only([beacon], { asset: (host) => (host === 'web01' ? { value: 1, words: 'web01 1' } : undefined) });
    expect(valued.risk).toBeGreaterThan(only([beacon]).risk);
    expect(pointsOf(valued, 'asset value')).toBeGreaterThan(0);
  });
  it('falls when everybody talks to the far side', () => {
    const common = only([beacon], { prevalence: () => ({ hosts: 39, totalHosts: 40 }) });
    expect(pointsOf(common, 'common')).toBe(-10);
    expect(common.severity).toBe('low');
  });
  it('falls with age, counted from the newest event', () => {
    expect(pointsOf(only([beacon], { lastEventTime: minutes(0) + 6 * microsPerDay }), 'age')).toBe(0);
    expect(pointsOf(only([beacon], { lastEventTime: minutes(0) + 9 * microsPerDay }), 'age')).toBe(-2);
    expect(pointsOf(only([beacon], { lastEventTime: minutes(0) + 900 * microsPerDay }), 'age')).toBe(-10);
    const unset = { ...beacon, first_seen: 94e6, last_seen: 95e6 };
    expect(pointsOf(only([unset], { lastEventTime: minutes(0) }), 'age')).toBe(0);
  });
  it('is not raised by an alert that repeats what we found, except as a second source', () => {
    const alert = finding({
      detector: 'alerts/suricata/2030358',
      title: 'ET MALWARE Beacon',
      first_seen: minutes(1),
      entities: beacon.entities,
      attack: ['T1071.001'],
      evidence: [{ evidence_id: 3, at: 9 }],
    });
    const incident = only([beacon, alert]);
    expect(incident.risk_parts.map(({ what }) => what)).toEqual([
      'strongest finding',
      'independent detectors',
      'independent sources',
      'rare',
    ]);
    expect(incident.story).toHaveLength(1);
    expect(incident.story[0]?.text).toContain('(suricata reported it too)');
  });
  it('of low findings alone stays below high, and says so', () => {
    const tacticIds = ['T1190', 'T1059', 'T1053', 'T1003', 'T1021', 'T1071', 'T1048'];
    const low = tacticIds.map((attack, index) =>
      finding({
        detector: `analytics/a${index}`,
        title: `Hint ${index}`,
        severity: 'low',
        score: 1,
        first_seen: minutes(index),
        entities: entities(['host', 'web01'], ['domain', 'x.evil.example']),
        attack: [attack],
      }),
    );
    const incident = only(low);
    expect(incident.findings).toHaveLength(low.length);
    expect(['low', 'medium']).toContain(incident.severity);
  });
  it('bounds scores that are no numbers', () => {
    for (const score of [Number.NaN, Number.POSITIVE_INFINITY, -5, 1e9]) {
      expect(only([{ ...beacon, score }]).risk).toBeLessThan(50);
    }
  });
});

describe('the table of tactics', () => {
  it('knows the techniques that detectors use, and their sub-techniques', () => {
    const used =
      'T1014 T1036.004 T1037.004 T1053.002 T1053.003 T1070.004 T1071.004 T1098.004 T1102 T1136 T1190 T1205.002 T1505.003 T1542 T1543.002 ' +
      'T1546.018 T1547.006 T1548 T1554 T1556.003 T1574.006 T1610 T1611 T1620 T1059.004 T1496 T1048.003 T1567 T1200 T1195.002 T1572';
    expect(used.split(' ').filter((technique) => findTactic(technique) === undefined)).toEqual([]);
    expect(findTactic('t1071.004')).toBe('command-and-control');
  });
  it('says nothing of what ATT&CK does not have', () => {
    expect(['T9999', '', 'constructor', 'TA0001'].map(findTactic)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
  it('says of which ATT&CK it is', () => {
    expect(attackVersion).toMatch(/^\d+\.\d+$/);
  });
  it('gives every tactic a stage', () => {
    expect(tactics).toHaveLength(14);
    expect(Math.max(...tactics.map(stageOf))).toBe(3);
  });
});
