import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decidingLogOdds, generatedLogOdds } from '../../../src/detect/analytics/dga/model.ts';
import { registeredDomain } from '../../../src/match/registered-domain.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';

/** Names that algorithms made and names that people chose, judged one by one: passed are those told right. */
export const suite: Suite = {
  id: 'network/dga',
  run(corpus): Promise<SuiteResult> {
    const generated = namesIn(join(corpus, 'network', 'dga', 'dga.txt'));
    const chosen = namesIn(join(corpus, 'network', 'dga', 'non_dga.txt'));
    const missed = generated.filter((name) => !isGenerated(name));
    const wrong = chosen.filter(isGenerated);
    const failed: SuiteFailure[] = [
      ...missed.map((name) => ({ case: name, got: 'ordinary', want: 'generated' })),
      ...wrong.map((name) => ({ case: name, got: 'generated', want: 'ordinary' })),
    ];
    const total = generated.length + chosen.length;
    const found = generated.length - missed.length;
    const share = (part: number, whole: number): number => Number((part / Math.max(1, whole)).toFixed(4));
    const figures = {
      accuracy: share(total - failed.length, total),
      precision: share(found, found + wrong.length),
      recall: share(found, generated.length),
      'floor of the peer': 'accuracy 0.69, precision 0.89, recall 0.40',
    };
    return Promise.resolve({ total, passed: total - failed.length, skipped: 0, failed, figures });
  },
};

function namesIn(file: string): string[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function isGenerated(name: string): boolean {
  // A bare suffix has no domain below it. Undecided names count as ordinary.
  return generatedLogOdds(registeredDomain(name) ?? name) > decidingLogOdds;
}
