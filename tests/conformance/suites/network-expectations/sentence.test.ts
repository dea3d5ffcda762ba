import { describe, expect, it } from 'vitest';
import type { Finding } from '../../../../src/events/finding.ts';
import { isFor, readSentence } from './sentence.ts';

function finding(detector: string, title: string, severity: Finding['severity'], ...addresses: string[]): Finding {
  const entities = addresses.map((value) => ({ kind: 'address', value }) as const);
  const empty = { attack: [], reasons: [], evidence: [], count: 1, vanishes: '', next: '' };
  const times = { first_seen: 0, last_seen: 0 };
  return { id: title, detector: `analytics/${detector}`, title, severity, score: 0.3, entities, ...times, ...empty };
}

const scan = finding('scan', 'horizontal scan of port 80/tcp by 10.0.2.112', 'low', '10.0.2.112');
const beacon = (severity: Finding['severity']): Finding =>
  finding('beacon', '10.0.0.5 calls 192.0.2.7 (tcp/5888) every 2 s', severity, '10.0.0.5', '192.0.2.7');

function fits(found: Finding, sentence: string): boolean[] {
  return readSentence(sentence).map((expectation) => isFor(found, expectation));
}

describe('sentences of expected files', () => {
  it.each([
    ['horizontal port scan to 80/tcp from 10.0.2.112', true],
    ['10.0.2.112 does a horizontal scan', true],
    ['port scan on 80', true],
    ['horizontal port scan to 8/tcp from 10.0.2.112', false],
    ['horizontal port scan to 80/tcp from 10.0.2.11', false],
    ['vertical port scan from 10.0.2.112', false],
  ])('holds a scan to "%s"', (sentence, isRight) => {
    expect(fits(scan, sentence)).toEqual([isRight]);
  });

  it('asks for low or above of command and control, with address and port', () => {
    const sentence = 'RemcosRAT C2 beacons to 192.0.2.7:5888 (719 rows Malicious) against benign background';
    expect(fits(beacon('low'), sentence)).toEqual([true]);
    expect(fits(beacon('info'), sentence)).toEqual([false]);
    expect(fits(beacon('low'), 'C2 beacons to 192.0.2.7:588')).toEqual([false]);
  });

  it('reads several expectations, between semicolons and within a part, each with its own places', () => {
    const sentence = 'horizontal port scan to 80/tcp and C&C, curl every 2-3 s to 192.0.2.7; DHCP scan.';
    expect(readSentence(sentence)).toMatchObject([
      { ports: [80], addresses: [] },
      { ports: [], addresses: ['192.0.2.7'] },
      { ports: [], addresses: [] },
    ]);
  });

  it('lets nothing fit a part without a known phrase', () => {
    expect(readSentence('ICMP scan; dancing bears')).toMatchObject([{}, { text: 'dancing bears', fits: undefined }]);
    expect(fits(scan, 'dancing bears')).toEqual([false]);
    expect(readSentence('')).toEqual([]);
  });
});
