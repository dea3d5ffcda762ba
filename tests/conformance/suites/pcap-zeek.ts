import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { layoutOf } from '../../../src/cli/commands/net/zeek/layout-of.ts';
import { recordRow } from '../../../src/cli/commands/net/zeek/records.ts';
import { tsvHeader, tsvRow } from '../../../src/cli/commands/net/zeek/rows.ts';
import type { EventRow, VakthundEvent } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { decodeZeek, readWhole } from './ingest-zeek-ways/decode.ts';
import { caseFolders, decodeCapture } from './pcap-captures/decode.ts';
import { expectedColumns, isSame, matchRows } from './pcap-captures/match-rows.ts';

/**
 * Captures beside the logs that Zeek writes of them (`network/zeek`, a folder each with a `case.json`). Our Zeek source reads
 * the logs, our packet source the capture: every column that the log fills is a case, and so is the number of rows of each log. Fields of the
 * log that no column holds are compared in the log that we would write of our event. The transport of ssl.log is none: the log has no field of
 * it, its reader goes by the version.
 */
export const suite: Suite = { id: 'pcap/zeek', run };

interface CaseFile {
  readonly pcap: string;
  readonly command: string;
  readonly bare_mode: boolean;
}

/** Columns that only the loaded scripts decide. */
const bareColumns: ReadonlySet<string> = new Set(['network_protocol', 'local_orig', 'local_resp', 'file_analyzers']);

async function run(corpus: string): Promise<SuiteResult> {
  const judge = new Judge();
  for (const folder of caseFolders(join(corpus, 'network', 'zeek'))) await judgeFolder(folder, judge);
  return judge.result();
}

async function judgeFolder(folder: string, judge: Judge): Promise<void> {
  const { pcap, command, bare_mode: isBare } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as CaseFile;
  const checksums = /\s-[a-zA-Z]*C/.test(command) ? 'accept' : 'drop';
  const { events } = await decodeCapture(join(folder, pcap), checksums);
  for (const file of globSync('*.log*', { cwd: folder }).sort()) {
    const content = await readWhole(join(folder, file));
    const expected = (await decodeZeek(file.replace(/\.cut$/, ''), content)).events;
    const isToldThere = (column: string): boolean => column !== 'network_transport' || !/^ssl\b/.test(file);
    const isCompared = (column: string): boolean => (!isBare || !bareColumns.has(column)) && isToldThere(column);
    // A capture filter in the command leaves out packets that we read.
    const isFiltered = /\s-f\s/.test(command);
    await judge.log(`${basename(folder)}/${file}`, expected, events, isCompared, isFiltered);
  }
}

class Judge {
  #passed = 0;
  readonly #failed: SuiteFailure[] = [];
  readonly #byLog = new Map<string, { total: number; passed: number }>();

  async log(
    name: string,
    expected: readonly EventRow[],
    events: readonly EventRow[],
    isCompared: (column: string) => boolean,
    isFiltered: boolean,
  ): Promise<void> {
    const kinds = new Set(expected.map(({ kind }) => kind));
    const logNames = new Set(expected.map((row) => row['log_name']));
    const ours = events.filter((row) => kinds.has(row['kind'] ?? '') && logNames.has(row['log_name']));
    const { pairs, left } = matchRows(expected, ours, isCompared);
    if (!isFiltered) this.#check(name, `${name}: rows`, expected.length + left.length, expected.length);
    for (const [index, pair] of pairs.entries()) {
      for (const column of expectedColumns(pair.expected, isCompared)) {
        const label = `${name} row ${index + 1}: ${column}`;
        const want = show(pair.expected[column]);
        if (pair.got === undefined) this.#check(name, label, 'no row', want);
        else this.#check(name, label, isSame(column, pair.expected, pair.got) ? want : show(pair.got[column]), want);
      }
      const written = pair.got === undefined ? {} : await writtenFields(pair.got);
      for (const [field, value] of Object.entries(keptFields(pair.expected))) {
        if (value === masked || !isCompared(siteFields.has(field) ? 'local_orig' : field)) continue;
        const [got, want] = [written[field], value].map((one) => show(comparable(field, one)));
        this.#check(name, `${name} row ${index + 1}: ${field}`, got ?? 'nothing', want ?? 'nothing');
      }
    }
  }

  result(): SuiteResult {
    const figures: Record<string, string> = {};
    for (const [log, { total, passed }] of [...this.#byLog].sort(([a], [b]) => a.localeCompare(b))) {
      figures[`${log} fields`] = `${passed}/${total} (${((100 * passed) / total).toFixed(1)} %)`;
    }
    return {
      total: this.#passed + this.#failed.length,
      passed: this.#passed,
      skipped: 0,
      failed: this.#failed,
      figures,
    };
  }

  #check(name: string, label: string, got: string | number, want: string | number): void {
    const log = /(?<log>[a-z0-9_]+)\.log/.exec(name)?.groups?.['log'] ?? name;
    const counts = this.#byLog.get(log) ?? { total: 0, passed: 0 };
    this.#byLog.set(log, counts);
    counts.total++;
    if (got === want) {
      counts.passed++;
      this.#passed++;
    } else {
      this.#failed.push({ case: label, got: String(got), want: String(want), why: whyOf(label) });
    }
  }
}

/** What Zeek's tests put in the place of a time. */
const masked = 'XXXXXXXXXX.XXXXXX';

/** Fields that tell which networks are ours, as columns of that name do. */
const siteFields: ReadonlySet<string> = new Set(['direction', 'local_orig']);

/** Ids are random elsewhere: how many there are counts. A log that was cut to some columns says no types, so lists in it are text. */
function comparable(field: string, value: unknown): unknown {
  const text = Array.isArray(value) ? value.join(',') : value;
  return /fuids?$/.test(field) && typeof text === 'string' ? text.split(',').length : text;
}

function keptFields(event: EventRow): Readonly<Record<string, unknown>> {
  return JSON.parse(String(event['fields'] ?? '{}')) as Readonly<Record<string, unknown>>;
}

/** What our Zeek source keeps beside the columns of the row that we write of an event. */
async function writtenFields(event: EventRow): Promise<Readonly<Record<string, unknown>>> {
  const layout = layoutOf(event as unknown as VakthundEvent);
  if (layout === undefined) return {};
  const text = tsvHeader(layout, 0) + tsvRow(recordRow(event, layout), layout);
  const [read] = (await decodeZeek(`${layout.path}.log`, Buffer.from(text))).events;
  return read === undefined ? {} : keptFields(read);
}

/** Known differences, by column: what a log does not say itself, or what Zeek's tests are set up for. */
const reasons: readonly (readonly [label: RegExp, why: string])[] = [
  [/: file_analyzers$/, 'scripts of the test add an analyzer'],
  [/conn\.log row \d+: history$/, 'without its scripts Zeek marks that nobody reads the payload'],
];

function whyOf(label: string): string | undefined {
  return reasons.find(([pattern]) => pattern.test(label))?.[1];
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
