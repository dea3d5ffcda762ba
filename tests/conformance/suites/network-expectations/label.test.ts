import { describe, expect, it } from 'vitest';
import type { Finding, Severity } from '../../../../src/events/finding.ts';
import { judgeLabel } from './label.ts';

function finding(detector: string, severity: Severity): Finding {
  const empty = { entities: [], attack: [], reasons: [], evidence: [], count: 1, vanishes: '', next: '' };
  return { id: detector, detector, title: detector, severity, score: 0.5, first_seen: 0, last_seen: 0, ...empty };
}

describe('labels of captures', () => {
  it.each([
    ['malicious: iodine DNS tunnel (domain pirate.sea)', 'analytics/dns-tunnel', 'low', true],
    ['malicious: iodine DNS tunnel (domain pirate.sea)', 'analytics/dns-tunnel', 'info', false],
    ['malicious: iodine DNS tunnel (domain pirate.sea)', 'analytics/beacon', 'high', false],
    ['malicious: TCP SYN scan from 172.16.0.8', 'analytics/scan', 'low', true],
    ['malicious: certificate on abuse list', 'analytics/indicator', 'low', true],
    ['malicious/policy: stratum mining', 'analytics/beacon', 'info', false],
    ['benign: update over HTTP', 'analytics/beacon', 'low', true],
    ['benign', 'analytics/beacon', 'medium', false],
  ] as const)('"%s" with %s at %s', (label, detector, severity, isRight) => {
    expect(judgeLabel(label, [finding(detector, severity)])?.isRight).toBe(isRight);
  });

  it('ask for nothing of benign traffic, and leave matters of policy alone', () => {
    expect(judgeLabel('benign', [])?.isRight).toBe(true);
    expect(judgeLabel('malicious: SQL injection', [])).toMatchObject({ isRight: false, got: 'none' });
    expect(judgeLabel('policy: Tor client', [])).toBeUndefined();
  });
});
