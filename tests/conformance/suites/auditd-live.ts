import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { difference } from './auditd-projections/differences.ts';
import { lineDifference, projectInterpreted, readInterpreted } from './auditd-projections/ausearch.ts';
import { projectLaurel } from './auditd-projections/laurel.ts';
import { eventsOf, findCases, readCorpusFile, recordsOf } from './auditd-projections/records.ts';

/**
 * Recorded logs beside what `ausearch -i` and laurel made of them: each event that a peer printed is a case. An event
 * passes when it is there and all its records have the same fields with the same meaning.
 */
const patterns = ['host/auditd/live/*.log.gz', 'falco/live/*.audit.log.gz'];

function runAusearch(log: string, peer: string): { total: number; failed: SuiteFailure[] } {
  const want = readInterpreted(readCorpusFile(peer).toString('utf8'));
  const events = new Map(eventsOf(recordsOf(readCorpusFile(log))).map((event) => [event.serial, event]));
  const failed: SuiteFailure[] = [];
  for (const [serial, lines] of want) {
    const event = events.get(serial);
    const got = event === undefined ? [] : projectInterpreted(event);
    // ausearch prints the records of an event in an order of its own.
    const wrong = eventDifference(got.toSorted(), lines.toSorted());
    if (wrong !== undefined) failed.push({ case: `${basename(peer)} ${serial}`, ...wrong });
  }
  return { total: want.size, failed };
}

function eventDifference(got: readonly string[], want: readonly string[]): { got: string; want: string } | undefined {
  if (got.length !== want.length) return { got: `${got.length} records`, want: `${want.length} records` };
  for (const [index, line] of want.entries()) {
    const wrong = lineDifference(got[index] ?? '', line);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function runLaurel(log: string, peer: string): { total: number; failed: SuiteFailure[] } {
  const events = new Map(eventsOf(recordsOf(readCorpusFile(log))).map((event) => [String(event.serial), event]));
  const lines = readCorpusFile(peer).toString('utf8').trim().split('\n');
  const failed: SuiteFailure[] = [];
  for (const line of lines) {
    const want = JSON.parse(line) as { ID: string };
    const event = events.get(want.ID.slice(want.ID.indexOf(':') + 1));
    const wrong = difference(event === undefined ? undefined : projectLaurel(event), want);
    if (wrong !== undefined) failed.push({ case: `${basename(peer)} ${want.ID}`, ...wrong });
  }
  return { total: lines.length, failed };
}

export const suite: Suite = {
  id: 'auditd/live',
  run(corpus): Promise<SuiteResult> {
    const results = patterns
      .flatMap((pattern) => findCases(corpus, pattern))
      .flatMap((log) => {
        const stem = log.replace(/(?:\.audit)?\.log\.gz$/, '');
        return [
          ...(existsSync(`${stem}.ausearch-i.txt.gz`) ? [runAusearch(log, `${stem}.ausearch-i.txt.gz`)] : []),
          ...(existsSync(`${stem}.laurel.jsonl.gz`) ? [runLaurel(log, `${stem}.laurel.jsonl.gz`)] : []),
        ];
      });
    const failed = results.flatMap((result) => result.failed);
    const total = results.reduce((sum, result) => sum + result.total, 0);
    return Promise.resolve({ total, passed: total - failed.length, skipped: 0, failed });
  },
};
