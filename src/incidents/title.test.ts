import { describe, expect, it } from 'vitest';
import { correlate } from './correlate.ts';
import { context, entities, finding, minutes } from './testdata/scenarios.ts';

const host = '10.4.25.101';
const far = '138.197.147.101';
const odd = finding({
  detector: 'analytics/tls-oddity',
  title: `${host} speaks TLS with ${far}, whose certificate it made itself`,
  attack: ['T1573.002', 'T1587.003'],
  entities: entities(['host', host], ['address', far]),
  first_seen: minutes(1),
});
const scan = finding({
  detector: 'analytics/scan',
  title: `${host} scanned the network`,
  attack: ['T1046'],
  entities: entities(['host', host], ['address', far]),
  first_seen: minutes(2),
});

function titleOf(...findings: ReturnType<typeof finding>[]): string | undefined {
  return correlate(findings, context)[0]?.title;
}

describe('titleOf', () => {
  it('leaves out what an intruder prepared elsewhere, and calls a single call no beacon', () => {
    expect(titleOf(odd, scan)).toBe(`Network scan from ${host}, implant calling ${far}`);
    expect(titleOf(odd)).not.toMatch(/preparation|beacon/i);
  });
  it('calls beaconing what was measured so', () => {
    const beacon = {
      ...odd,
      detector: 'analytics/beacon',
      title: `${host} calls ${far} every 60 s`,
      attack: ['T1071'],
    };
    expect(titleOf(beacon, scan)).toBe(`Network scan from ${host}, implant beaconing to ${far}`);
  });
});
