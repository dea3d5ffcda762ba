import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { checkAncestry } from './auditd-projections/ancestry.ts';
import { difference } from './auditd-projections/differences.ts';
import { projectLaurel } from './auditd-projections/laurel.ts';
import { eventsOf, findCases, readCorpusFile, recordsOf } from './auditd-projections/records.ts';

/**
 * laurel's own samples: `X.txt` with the JSON lines that it writes in `X.json`; and logs without one, which its tests
 * use for process ancestry: each event of those is a case, and so is each event of the logs of one run in `tree/`.
 */
const folder = 'host/auditd/laurel';

function runPair(path: string): { total: number; failed: SuiteFailure[] } {
  const want = readCorpusFile(path.replace(/\.txt$/, '.json'))
    .toString('utf8')
    .trim()
    .split('\n');
  const got = eventsOf(recordsOf(readCorpusFile(path))).map(projectLaurel);
  const failed: SuiteFailure[] = [];
  for (const [index, line] of want.entries()) {
    const wrong = difference(got[index], JSON.parse(line));
    if (wrong !== undefined) failed.push({ case: `${basename(path)} event ${index + 1}`, ...wrong });
  }
  if (got.length !== want.length) {
    failed.push({ case: basename(path), got: `${got.length} events`, want: `${want.length} events` });
  }
  return { total: Math.max(want.length, got.length), failed };
}

function runTrace(name: string, paths: readonly string[]): { total: number; failed: SuiteFailure[] } {
  const records = paths.flatMap((path) => recordsOf(readCorpusFile(path)));
  const events = eventsOf(records);
  return {
    total: events.length,
    failed: checkAncestry(events).map((wrong) => ({ ...wrong, case: `${name} ${wrong.case}` })),
  };
}

export const suite: Suite = {
  id: 'auditd/laurel',
  run(corpus): Promise<SuiteResult> {
    const samples = findCases(corpus, `${folder}/*.txt`);
    const hasAnswer = (path: string): boolean => existsSync(path.replace(/\.txt$/, '.json'));
    const results = [
      ...samples.filter(hasAnswer).map(runPair),
      ...samples.filter((path) => !hasAnswer(path)).map((path) => runTrace(basename(path), [path])),
      runTrace('tree', findCases(corpus, `${folder}/tree/[0-9]*.txt`)),
    ];
    const failed = results.flatMap((result) => result.failed);
    const total = results.reduce((sum, result) => sum + result.total, 0);
    return Promise.resolve({ total, passed: total - failed.length, skipped: 0, failed });
  },
};
