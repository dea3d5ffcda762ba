import { describe, expect, it } from 'vitest';
import type { Finding } from '../events/finding.ts';
import { addFindings } from './add-findings.ts';

const finding = (change: Partial<Finding>): Finding => ({
  id: 'f-1',
  detector: 'rules/sigma/x',
  title: 'x',
  severity: 'low',
  score: 0.3,
  first_seen: 10,
  last_seen: 20,
  entities: [{ kind: 'host', value: 'web01' }],
  attack: ['T1059'],
  reasons: [],
  evidence: [{ evidence_id: 1, at: 1 }],
  count: 2,
  vanishes: '',
  next: '',
  ...change,
});

describe('a finding that has grown', () => {
  it('says what its worse part says, of the rows of both', () => {
    const later = finding({
      severity: 'high',
      score: 0.7,
      first_seen: 30,
      last_seen: 40,
      count: 3,
      entities: [
        { kind: 'host', value: 'web01' },
        { kind: 'user', value: 'root' },
      ],
      evidence: [{ evidence_id: 1, at: 9 }],
    });
    const sum = finding({ ...later, first_seen: 10, count: 5, evidence: [1, 9].map((at) => ({ evidence_id: 1, at })) });
    expect(addFindings(finding({}), later)).toEqual(sum);
    expect(addFindings(later, finding({}))).toEqual(sum);
  });

  it('keeps the first pointers and the last one', () => {
    const pointers = (from: number, to: number) =>
      Array.from({ length: to - from }, (_none, index) => ({ evidence_id: 1, at: from + index }));
    const sum = addFindings(
      finding({ evidence: pointers(0, 15) }),
      finding({ first_seen: 30, evidence: pointers(15, 30) }),
    );
    expect(sum.evidence).toEqual([...pointers(0, 19), { evidence_id: 1, at: 29 }]);
  });
});
