/**
 * `npm run conformance [-- SUITE…] [--json] [--check | --update]`. Runs the suites whose data stand in the corpus.
 * `--check` compares the pass counts with `baseline.json` and exits 1 when one fell; `--update` writes them there.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chooseParts, findParts, readRunArguments, repositoryRoot, shorten } from '../../tools/run-arguments.ts';
import { runPart } from '../../tools/run-part.ts';
import { findRegressions, updateBaseline, type Baseline, type SuiteReport } from './baseline.ts';
import type { SuiteResult } from './suite.ts';

/** No suite may need longer on a machine with two slow cores. */
const timeoutMs = 15 * 60_000;
const baselineFile = resolve(import.meta.dirname, 'baseline.json');
const shownFailures = 20;

const { names, flags } = readRunArguments(['--json', '--check', '--update']);
const corpus = resolve(repositoryRoot, process.env['VAKTHUND_CORPUS'] ?? '../shared/corpus');
const known = findParts('tests/conformance/suites');
const chosen = chooseParts(known, names);
const isJson = flags.has('--json');

if (!existsSync(corpus)) process.stderr.write('The corpus is not there (VAKTHUND_CORPUS): every suite is skipped.\n');
const reports: SuiteReport[] = [];
for (const { id, file } of chosen) {
  const report = await runSuite(id, file);
  reports.push(report);
  if (!isJson) process.stdout.write(describe(report));
}
if (isJson) process.stdout.write(`${JSON.stringify({ suites: reports }, undefined, 2)}\n`);

const baseline = existsSync(baselineFile) ? (JSON.parse(readFileSync(baselineFile, 'utf8')) as Baseline) : {};
const knownIds = known.map((part) => part.id);
if (flags.has('--update')) {
  writeFileSync(baselineFile, `${JSON.stringify(updateBaseline(baseline, reports, knownIds), undefined, 2)}\n`);
}
if (flags.has('--check')) {
  const regressions = findRegressions(baseline, reports, names.length === 0 ? knownIds : undefined);
  for (const line of regressions) process.stderr.write(`regression: ${line}\n`);
  process.exitCode = regressions.length > 0 ? 1 : 0;
}

async function runSuite(id: string, file: string): Promise<SuiteReport> {
  if (!existsSync(corpus)) return { id, total: 0, passed: 0, skipped: 0, failed: [] };
  const outcome = await runPart<SuiteResult>({ file, exportName: 'suite', args: [corpus], timeoutMs });
  if (outcome.state === 'failed') return brokenSuite(id, outcome.message, 'a run to the end');
  if (outcome.id !== id) return brokenSuite(id, `the file's suite is called "${outcome.id}"`, id);
  return outcome.state === 'done' ? { id, ...outcome.result } : { id, total: 0, passed: 0, skipped: 0, failed: [] };
}

function brokenSuite(id: string, got: string, want: string): SuiteReport {
  return { id, total: 1, passed: 0, skipped: 0, failed: [{ case: '(suite)', got, want }] };
}

function describe(report: SuiteReport): string {
  if (report.total === 0) return `${report.id} skipped: its data are not there\n`;
  const lines = [`${report.id} ${report.passed}/${report.total} (${report.skipped} skipped)`];
  for (const failure of report.failed.slice(0, shownFailures)) {
    const why = failure.why === undefined ? '' : ` (${failure.why})`;
    lines.push(`  ${shorten(failure.case)}: got ${shorten(failure.got)}, want ${shorten(failure.want)}${why}`);
  }
  const skips = report.skips ?? [];
  for (const skip of skips.slice(0, shownFailures)) lines.push(`  ${shorten(skip.case)}: skipped: ${skip.why}`);
  const hidden = [report.failed, skips].reduce((sum, { length }) => sum + Math.max(0, length - shownFailures), 0);
  if (hidden > 0) lines.push(`  and ${hidden} more; --json has all`);
  const figures = Object.entries(report.figures ?? {}).map(([name, value]) => `${name} ${value}`);
  if (figures.length > 0) lines.push(`  ${figures.join(' · ')}`);
  return `${lines.join('\n')}\n`;
}
