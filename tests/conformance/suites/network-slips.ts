import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { severityRank, type Finding } from '../../../src/events/finding.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { investigate, isReadable } from './network-expectations/investigate.ts';
import { readMalicious } from './network-expectations/labels.ts';
import { isFor, readSentence } from './network-expectations/sentence.ts';

/** Evidence, and what others say is in it. */
interface DataSet {
  readonly name: string;
  readonly path: string;
  readonly sentence: string;
}

export const suite: Suite = {
  id: 'network/slips',
  async run(corpus: string): Promise<SuiteResult> {
    const tally = new Tally();
    for (const set of [...logSets(join(corpus, 'network', 'slips')), ...eveSets(join(corpus, 'network', 'eve'))]) {
      if (!isReadable(set.name)) tally.skip(set, 'no packet source yet');
      else if (!existsSync(set.path)) tally.skip(set, 'not there');
      else judge(set, await investigate(set.path), tally);
    }
    const { total, skipped, failed, figures } = tally;
    return { total, skipped, passed: total - skipped - failed.length, failed, figures };
  },
};

class Tally {
  total = 0;
  skipped = 0;
  readonly failed: SuiteFailure[] = [];
  readonly figures: Record<string, number | string> = {};

  check(name: string, isRight: boolean, got: string, want: string): void {
    this.total++;
    if (!isRight) this.failed.push({ case: name, got, want });
  }

  skip(set: DataSet, why: string): void {
    const cases = readSentence(set.sentence).length;
    this.total += cases;
    this.skipped += cases;
    this.figures[`${set.name} skipped`] = why;
  }
}

/** The names in `expected.json` are files and folders beside it. */
function logSets(folder: string): DataSet[] {
  const file = join(folder, 'expected.json');
  if (!existsSync(file)) return [];
  const expected = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, string>>;
  return Object.entries(expected).map(([name, sentence]) => ({
    name,
    path: join(folder, name),
    // What stands before the colon is the names of the files, or the word "expected".
    sentence: sentence.replace(/^[^:;]*(?:expected|\.labeled): /u, ''),
  }));
}

/** One list of sentences for the EVE files beside it. */
function eveSets(folder: string): DataSet[] {
  const file = join(folder, 'expected.json');
  if (!existsSync(file)) return [];
  const { expected = [] } = JSON.parse(readFileSync(file, 'utf8')) as { readonly expected?: readonly string[] };
  return readdirSync(folder)
    .filter((name) => /\.eve\.json(?:\.gz)?$/u.test(name))
    .sort()
    .map((name) => ({ name, path: join(folder, name), sentence: expected.join('; ') }));
}

function judge({ name, path, sentence }: DataSet, findings: readonly Finding[], tally: Tally): void {
  const explained = new Set<Finding>();
  for (const expectation of readSentence(sentence)) {
    const fitting = findings.filter((finding) => isFor(finding, expectation));
    for (const finding of fitting) explained.add(finding);
    const alike = findings.filter((finding) => expectation.fits?.(finding) === true).map((finding) => finding.title);
    const want = expectation.fits === undefined ? 'a predicate for this phrase' : 'a finding of this';
    const got = alike.length === 0 ? 'none' : `only ${alike.slice(0, 3).join(', ')}`;
    tally.check(`${name}: ${expectation.text}`, fitting.length > 0, got, want);
  }
  for (const [destination, rows] of readMalicious(path)) {
    const about = findings.filter((finding) => finding.entities.some(({ value }) => value === destination));
    for (const finding of about) explained.add(finding);
    const isTold = about.some((finding) => isAtLeastLow(finding));
    tally.check(
      `${name}: ${rows} malicious rows to ${destination}`,
      isTold,
      about[0]?.title ?? 'none',
      'a finding, low or above',
    );
  }
  const others = findings.filter((finding) => !explained.has(finding));
  tally.figures[`${name} findings`] = findings.length;
  tally.figures[`${name} about nothing expected`] = others.length;
  tally.figures[`${name} about nothing expected, low or above`] = others.filter(isAtLeastLow).length;
}

function isAtLeastLow(finding: Finding): boolean {
  return severityRank(finding.severity) >= severityRank('low');
}
