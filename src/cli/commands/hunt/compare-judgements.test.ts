import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../case/service.ts';
import type { Finding } from '../../../events/finding.ts';
import type { Incident } from '../../../events/incident.ts';
import { compareJudgements } from './compare-judgements.ts';

const finding = (id: string, score: number): Finding =>
  ({ id, title: `title ${id}`, severity: score < 0.5 ? 'low' : 'high', score, entities: [] }) as unknown as Finding;
const incident = (id: string, risk: number, findings: readonly string[]): Incident =>
  ({ id, title: `title ${id}`, severity: 'medium', risk, findings }) as unknown as Incident;
const judgement = (findings: readonly Finding[], incidents: readonly Incident[] = []): Judgement => ({
  findings,
  incidents,
  suppressed: [],
});

describe('a comparison of judgements', () => {
  it('names what is gained, lost and told otherwise, the strongest first', () => {
    const before = judgement([finding('a', 0.9), finding('b', 0.3), finding('c', 0.7)]);
    const by = { id: 's-1', reason: 'r', author: 'a', detector: 'x' };
    const after = {
      ...judgement([finding('b', 0.6), finding('c', 0.7), finding('d', 0.4)]),
      suppressed: [{ finding: finding('a', 0.9), by }],
    };
    expect(compareJudgements({ before, after }).findings).toEqual([
      { change: 'lost', id: 'a', title: 'title a', before: { severity: 'high', value: 0.9 }, silencedBy: 's-1' },
      {
        change: 'changed',
        id: 'b',
        title: 'title b',
        before: { severity: 'low', value: 0.3 },
        after: { severity: 'high', value: 0.6 },
      },
      { change: 'gained', id: 'd', title: 'title d', after: { severity: 'low', value: 0.4 } },
    ]);
  });

  it('tells an incident that lost findings, with the same risk too', () => {
    const before = judgement([], [incident('i', 40, ['a', 'b']), incident('j', 30, ['c'])]);
    const after = judgement([], [incident('i', 40, ['a']), incident('j', 30, ['c'])]);
    expect(compareJudgements({ before, after }).incidents).toMatchObject([
      { change: 'changed', id: 'i', before: { findings: 2 }, after: { findings: 1 } },
    ]);
  });

  it('is empty when nothing changes', () => {
    const same = judgement([finding('a', 0.9)], [incident('i', 40, ['a'])]);
    expect(compareJudgements({ before: same, after: same })).toEqual({ findings: [], incidents: [] });
  });
});
