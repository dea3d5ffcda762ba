import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { investigate, isReadable } from './network-expectations/investigate.ts';
import { judgeLabel } from './network-expectations/label.ts';

/** Captures with a label each, held to what the whole case finds in them. */
export const suite: Suite = {
  id: 'network/labelled',
  async run(corpus: string): Promise<SuiteResult> {
    const folder = join(corpus, 'network', 'labelled');
    const failed: SuiteFailure[] = [];
    const figures: Record<string, number | string> = {};
    let [passed, skipped] = [0, 0];
    for (const [name, label] of labelsOf(join(folder, 'expected.json'))) {
      const path = join(folder, name);
      const isThere = existsSync(path) && isReadable(name);
      const judgement = isThere ? judgeLabel(label, await investigate(path)) : undefined;
      if (judgement === undefined) skipped++;
      else if (judgement.isRight) passed++;
      else failed.push({ case: `${name} (${label})`, got: judgement.got, want: judgement.want });
      if (!isReadable(name)) figures['skipped'] = 'no packet source yet';
    }
    return { total: passed + skipped + failed.length, passed, skipped, failed, figures };
  },
};

function labelsOf(file: string): (readonly [name: string, label: string])[] {
  if (!existsSync(file)) return [];
  const expected = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, { readonly label: string }>>;
  return Object.entries(expected).map(([name, { label }]) => [name, label]);
}
