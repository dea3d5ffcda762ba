import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ProblemCode } from '../../../src/base/problem.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { bulkDifference, BulkLoader } from './ingest-zeek-ways/bulk.ts';
import { decodeZeek, readWhole, type Decoded } from './ingest-zeek-ways/decode.ts';
import { dataLines, oddLines, readLog } from './ingest-zeek-ways/log-text.ts';
import { eventDifferences, lostValues } from './ingest-zeek-ways/values.ts';

/**
 * Logs that stand in both formats (`zeek_logs`, with the number of rows of each): a case for each count, one for each row,
 * whose every value must arrive in a column or in `fields`, and one for each pair of rows, whose events must be equal.
 * Logs of test suites and labelled captures: a case each, with every row read and none of them odd.
 * For all of them, the bulk load must give the same events.
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
/** Problems of what the sensor saw, which the log itself tells. */
const toldByLog: ReadonlySet<ProblemCode> = new Set(['events-lost', 'partly-seen']);

interface Expected {
  readonly rows: number;
  readonly json_rows: number;
  readonly fields: Readonly<Record<string, string>>;
}

export const suite: Suite = { id: 'ingest/zeek-logs', run };

async function run(corpus: string): Promise<SuiteResult> {
  const loader = await BulkLoader.open();
  try {
    const judge = new Judge(corpus, loader);
    const pairs = join(corpus, pairsFile);
    const expected = existsSync(pairs) ? (JSON.parse(readFileSync(pairs, 'utf8')) as Record<string, Expected>) : {};
    for (const [log, ofLog] of Object.entries(expected)) await judge.pair(log, ofLog);
    for (const file of findOthers(corpus)) await judge.whole(file);
    return judge.result();
  } finally {
    loader.close();
  }
}

function findOthers(corpus: string): string[] {
  const damaged = globSync(damagedLists, { cwd: corpus }).flatMap((file) => {
    const names = Object.keys(JSON.parse(readFileSync(join(corpus, file), 'utf8')) as object);
    return names.map((name) => `${dirname(file)}/${name}/`);
  });
  const files = globSync(otherLogs, { cwd: corpus }).sort();
  return files.filter((file) => !damaged.some((folder) => file.startsWith(folder)));
}

class Judge {
  readonly #corpus: string;
  readonly #loader: BulkLoader;
  readonly #figures = { 'rows by the bulk load': 0, 'rows left to decode': 0 };
  readonly #failed: SuiteFailure[] = [];
  #passed = 0;
  #skipped = 0;

  constructor(corpus: string, loader: BulkLoader) {
    this.#corpus = corpus;
    this.#loader = loader;
  }

  result(): SuiteResult {
    const failed = this.#failed;
    const total = this.#passed + this.#skipped + failed.length;
    return { total, passed: this.#passed, skipped: this.#skipped, failed, figures: this.#figures };
  }

  async pair(log: string, expected: Expected): Promise<void> {
    const tsv = await this.#values('tsv', log, expected.rows);
    const json = await this.#values('json', log, expected.json_rows);
    if (tsv === undefined || json === undefined) return;
    const typed = Object.entries(expected.fields);
    const intervals = new Set(typed.flatMap(([field, type]) => (type === 'interval' ? [`fields.${field}`] : [])));
    for (const [index, event] of tsv.events.entries()) {
      const other = json.events[index];
      const differences = other === undefined ? ['no event in JSON'] : eventDifferences(event, other, intervals);
      this.#check(`${log} row ${index + 1}: TSV and JSON differ`, differences.join(', '), '');
    }
  }

  async whole(file: string): Promise<void> {
    const content = await readWhole(join(this.#corpus, file));
    const decoded = await decodeZeek(file, content);
    const text = content.toString('utf8');
    const oddOnes = oddLines(text);
    const wanted = dataLines(text).length;
    // A row that is damaged in the log itself may be skipped, if it is told.
    const told = decoded.problems.filter(({ code, at }) => code === 'bad-record' && oddOnes.has(at.line ?? 0));
    const odd = decoded.problems.filter((problem) => tellsOfLostRows.has(problem.code) && !told.includes(problem));
    const isWhole = decoded.events.length <= wanted && decoded.events.length >= wanted - told.length;
    const rows = isWhole ? wanted : decoded.events.length;
    const got = [`${rows} rows`, ...odd.map(({ code, message }) => `${code}: ${message}`)];
    this.#check(file, got.join('; '), `${wanted} rows`);
    await this.#bulk(file, content, decoded);
  }

  async #values(format: 'tsv' | 'json', log: string, count: number): Promise<Decoded | undefined> {
    const folder = join(this.#corpus, dirname(pairsFile));
    const [file] = globSync(`${format}/${log}.{log,json,ndjson}*`, { cwd: folder });
    if (file === undefined) {
      this.#skipped++;
      return undefined;
    }
    const content = await readWhole(join(folder, file));
    const decoded = await decodeZeek(file, content);
    const problems = decoded.problems.filter(({ code }) => !toldByLog.has(code));
    this.#check(`${file}: rows`, decoded.events.length, count);
    this.#check(`${file}: problems`, problems.map(({ code, message }) => `${code}: ${message}`).join('; '), '');
    const lost = lostValues(readLog(content.toString('utf8')), decoded.events);
    for (const [index, values] of lost.entries()) this.#check(`${file} row ${index + 1}: lost`, values.join(', '), '');
    await this.#bulk(file, content, decoded);
    return decoded;
  }

  /** A case for each file: rows that are loaded by columns are those of the decoder. */
  async #bulk(file: string, content: Buffer, { events }: Decoded): Promise<void> {
    const { rows } = await this.#loader.load(file, content);
    this.#figures['rows by the bulk load'] += rows.size;
    this.#figures['rows left to decode'] += events.length - rows.size;
    const byLine = new Map(events.map((event) => [event['evidence_at'], event]));
    const wrong = [...rows].flatMap(([line, row]) => {
      const event = byLine.get(line);
      const difference = event === undefined ? 'a row of its own' : bulkDifference(row, event);
      return difference === undefined ? [] : [`line ${line}: ${difference}`];
    });
    this.#check(`${file}: bulk load`, wrong.length === 0 ? '' : `${wrong.length} rows differ; ${wrong[0] ?? ''}`, '');
  }

  #check(name: string, got: string | number, want: string | number): void {
    if (got === want) this.#passed++;
    else this.#failed.push({ case: name, got: String(got), want: String(want) });
  }
}
