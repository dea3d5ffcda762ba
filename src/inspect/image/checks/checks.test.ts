import { describe, expect, it } from 'vitest';
import { buildsCases } from '../../../../tests/support/check-cases/builds.ts';
import { clusterCases } from '../../../../tests/support/check-cases/cluster.ts';
import { containersCases } from '../../../../tests/support/check-cases/containers.ts';
import { engineCases } from '../../../../tests/support/check-cases/engine.ts';
import { sentences, type CheckCase } from '../../../../tests/support/check-sentences.ts';
import { allChecks } from '../run-checks.ts';

const cases: readonly CheckCase[] = [...containersCases, ...buildsCases, ...clusterCases, ...engineCases];

describe('every check', () => {
  it('of containers, builds and engines stands among the cases, with one that it speaks of and one that it does not', () => {
    const isAsked = (id: string, speaks: boolean): boolean =>
      cases.some(([one, , said]) => one === id && said.length > 0 === speaks);
    const methods = ['workload', 'build', 'engine', 'pod'];
    const missing = allChecks
      .filter((check) => methods.some((method) => method in check))
      .filter(({ id }) => !isAsked(id, true) || !isAsked(id, false));
    expect(missing.map(({ id }) => id)).toEqual([]);
  });

  it.each(cases)('%s of %j', (id, input, said) => {
    expect(sentences(id, input)).toEqual(said);
  });

  it('says why it matters, how to mend it, and who recommends it', () => {
    for (const { id, why, fix, vanishes, references, attack } of allChecks) {
      expect({ id, why: why.endsWith('.'), fix: fix === '', vanishes: vanishes === '' }).toEqual({
        id,
        why: true,
        fix: false,
        vanishes: false,
      });
      expect({ id, references: references.length > 0 }).toEqual({ id, references: true });
      expect(attack.filter((technique) => !/^T\d{4}(?:\.\d{3})?$/.test(technique))).toEqual([]);
    }
  });
});
