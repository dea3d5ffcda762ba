import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { source } from '../../../src/collect/sources/zeek/index.ts';
import type { EventRow } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { bulkDifference, BulkLoader } from './ingest-zeek-ways/bulk.ts';
import { decodeZeek, fieldsOf } from './ingest-zeek-ways/decode.ts';
import { readLog } from './ingest-zeek-ways/log-text.ts';
import { jsonOf, madeLog, tsvOf, type Field, type MadeLog } from './ingest-zeek-ways/made-log.ts';
import { lostValues } from './ingest-zeek-ways/values.ts';

/**
 * Every field of every log that Zeek writes, in logs made up for it: a case for each log and format. The log must be
 * recognised, each value must arrive in a column or in `fields` under its own name, and the bulk load must give the same.
 */
const tableFile = 'network/zeek_fields.tsv';

const formats = { tsv: tsvOf, json: jsonOf } as const;

interface Figures {
  'rows by the bulk load': number;
  'rows left to decode': number;
  'logs without a plan': number;
}

export const suite: Suite = { id: 'ingest/zeek-fields', run };

async function run(corpus: string): Promise<SuiteResult> {
  const file = join(corpus, tableFile);
  if (!existsSync(file)) return { total: 0, passed: 0, skipped: 0, failed: [] };
  const failed: SuiteFailure[] = [];
  const figures: Figures = { 'rows by the bulk load': 0, 'rows left to decode': 0, 'logs without a plan': 0 };
  const logs = readLogs(file);
  const loader = await BulkLoader.open();
  try {
    for (const made of logs) {
      for (const [format, write] of Object.entries(formats)) {
        const wrong = await judge(made, `${made.log}.log`, write(made), loader, figures);
        if (wrong.length > 0) {
          failed.push({ case: `${made.log} ${format}`, got: wrong.join('; '), want: 'every value, in both ways' });
        }
      }
    }
  } finally {
    loader.close();
  }
  const total = logs.length * Object.keys(formats).length;
  return { total, passed: total - failed.length, skipped: 0, failed, figures: { ...figures } };
}

/** Lines `log<TAB>field:type<TAB>…`. A name that a log has with two types (tests write such) makes a second log of it. */
function readLogs(file: string): MadeLog[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const logs = new Map<string, Field[][]>();
  for (const line of lines.filter((text) => text !== '' && !text.startsWith('#'))) {
    const [log = '', described = ''] = line.split('\t');
    const [name = '', type = ''] = described.split(':');
    const versions = logs.get(log) ?? [];
    logs.set(log, versions);
    const free = versions.find((fields) => !fields.some((field) => field.name === name));
    if (free === undefined) versions.push([{ name, type }]);
    else free.push({ name, type });
  }
  return [...logs].flatMap(([log, versions]) => versions.map((fields) => madeLog(log, fields)));
}

async function judge(
  made: MadeLog,
  name: string,
  content: Buffer,
  loader: BulkLoader,
  figures: Figures,
): Promise<string[]> {
  const wrong: string[] = [];
  if (source.detect(name, content) === undefined) wrong.push('not recognised');
  const { events, problems } = await decodeZeek(name, content);
  const odd = problems.filter(({ code }) => code !== 'events-lost' && code !== 'partly-seen');
  wrong.push(...odd.map(({ code, message }) => `${code}: ${message}`));
  const datasets = new Set(events.map((event) => event['event_dataset']));
  if (datasets.size !== 1 || !datasets.has(`zeek.${made.log}`)) wrong.push(`of ${[...datasets].join(', ')}`);
  wrong.push(...new Set(lostValues(readLog(content.toString('utf8')), events).flat()), ...lostBooleans(made, events));
  const { rows, leftLines, refused } = await loader.load(name, content);
  wrong.push(...refused.map((message) => `bulk load of ${message}`));
  figures['rows by the bulk load'] += rows.size;
  figures['rows left to decode'] += leftLines ?? 0;
  if (leftLines === undefined) figures['logs without a plan']++;
  const byLine = new Map(events.map((event) => [event['evidence_at'], event]));
  for (const [line, row] of rows) {
    const event = byLine.get(line);
    const difference = event === undefined ? 'a row of its own' : bulkDifference(row, event);
    if (difference !== undefined) wrong.push(`line ${line} in bulk: ${difference}`);
  }
  return wrong;
}

/** A boolean has no value of its own: it has arrived where one of its log is turned when it is. */
function lostBooleans({ turned }: MadeLog, [base, ...events]: readonly EventRow[]): string[] {
  return turned.slice(1).filter((_name, index) => {
    const event = events[index];
    if (base === undefined || event === undefined) return true;
    const before = { ...base, ...fieldsOf(base) };
    const after: EventRow = { ...event, ...(fieldsOf(event) as EventRow) };
    return !Object.entries(before).some(([place, value]) => value === true && after[place] === false);
  }) as string[];
}
