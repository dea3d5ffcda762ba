import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProblemCode } from '../../../src/base/problem.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { decodeZeek, readWhole, type Decoded } from './ingest-zeek-ways/decode.ts';
import { dataLines, readLog } from './ingest-zeek-ways/log-text.ts';
import { eventDifferences, lostValues } from './ingest-zeek-ways/values.ts';

/**
 * Logs that stand in both formats (`zeek_logs`, with the number of rows of each): a case for each count, one for each row,
 * whose every value must arrive in a column or in `fields`, and one for each pair of rows, whose events must be equal.
 * Logs of test suites and labelled captures: a case each, with every row read and none of them odd.
 */
const pairsFile = 'network/zeek_logs/expected.json';
const otherLogs = ['network/zeek/*/*.log*', 'network/rita/**/*.log*', 'network/slips/**/*.log*'];
/** Folders beside such a file that it names hold logs that are damaged on purpose. */
const damagedLists = 'network/rita/*robustness*.json';

const tellsOfLostRows: ReadonlySet<ProblemCode> = new Set([
  'bad-record',
  'bad-header',
  'truncated',
  'record-too-long',
  'limit-reached',
]);

interface Expected {
  readonly rows: number;
  readonly json_rows: number;
  readonly fields: Readonly<Record<string, string>>;
}

export const suite: Suite = { id: 'ingest/zeek-logs', run };

async function run(corpus: string): Promise<SuiteResult> {
  const tally = new Tally();
  const expected = existsSync(join(corpus, pairsFile))
    ? (JSON.parse(readFileSync(join(corpus, pairsFile), 'utf8')) as Readonly<Record<string, Expected>>)
    : {};
  for (const [log, counts] of Object.entries(expected)) await judgePair(corpus, log, counts, tally);
  const damaged = globSync(damagedLists, { cwd: corpus }).flatMap((file) => {
    const names = Object.keys(JSON.parse(readFileSync(join(corpus, file), 'utf8')) as object);
    return names.map((name) => `${dirname(file)}/${name}/`);
  });
  const files = globSync(otherLogs, { cwd: corpus }).filter(
    (file) => !damaged.some((folder) => file.startsWith(folder)),
  );
  for (const file of files.sort()) await judgeWhole(corpus, file, tally);
  return tally.result();
}

class Tally {
  #passed = 0;
  #skipped = 0;
  readonly #failed: SuiteFailure[] = [];

  check(name: string, got: string | number, want: string | number): void {
    if (got === want) this.#passed++;
    else this.#failed.push({ case: name, got: String(got), want: String(want) });
  }

  skip(): void {
    this.#skipped++;
  }

  result(): SuiteResult {
    const failed = this.#failed;
    const total = this.#passed + this.#skipped + failed.length;
    return { total, passed: this.#passed, skipped: this.#skipped, failed };
  }
}

async function judgePair(corpus: string, log: string, expected: Expected, tally: Tally): Promise<void> {
  const folder = join(corpus, dirname(pairsFile));
  const tsv = await judgeValues(folder, 'tsv', log, expected.rows, tally);
  const json = await judgeValues(folder, 'json', log, expected.json_rows, tally);
  if (tsv === undefined || json === undefined) return;
  const typed = Object.entries(expected.fields);
  const intervals = new Set(typed.flatMap(([field, type]) => (type === 'interval' ? [`fields.${field}`] : [])));
  for (const [index, event] of tsv.events.entries()) {
    const other = json.events[index];
    const differences = other === undefined ? ['no event in JSON'] : eventDifferences(event, other, intervals);
    tally.check(`${log} row ${index + 1}: TSV and JSON differ`, differences.join(', '), '');
  }
}

async function judgeValues(
  folder: string,
  format: 'tsv' | 'json',
  log: string,
  count: number,
  tally: Tally,
): Promise<Decoded | undefined> {
  const [file] = globSync(`${format}/${log}.{log,json,ndjson}*`, { cwd: folder });
  if (file === undefined) {
    tally.skip();
    return undefined;
  }
  const content = await readWhole(join(folder, file));
  const decoded = await decodeZeek(file, content);
  tally.check(`${file}: rows`, decoded.events.length, count);
  const problems = decoded.problems.filter(({ code }) => code !== 'events-lost' && code !== 'partly-seen');
  tally.check(`${file}: problems`, problems.map(({ code, message }) => `${code}: ${message}`).join('; '), '');
  const lost = lostValues(readLog(content.toString('utf8')), decoded.events);
  for (const [index, values] of lost.entries()) tally.check(`${file} row ${index + 1}: lost`, values.join(', '), '');
  return decoded;
}

async function judgeWhole(corpus: string, file: string, tally: Tally): Promise<void> {
  const content = await readWhole(join(corpus, file));
  const { events, problems } = await decodeZeek(file, content);
  const odd = problems.filter(({ code }) => tellsOfLostRows.has(code));
  const got = [`${events.length} rows`, ...odd.map(({ code, message }) => `${code}: ${message}`)];
  tally.check(file, got.join('; '), `${dataLines(content.toString('utf8')).length} rows`);
}
