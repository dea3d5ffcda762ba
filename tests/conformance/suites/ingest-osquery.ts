import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { source } from '../../../src/collect/sources/osquery/index.ts';
import { source as statusSource } from '../../../src/collect/sources/osquery-status/index.ts';
import type { VakthundEvent } from '../../../src/events/event.ts';
import type { Suite, SuiteFailure, SuiteResult } from '../suite.ts';
import { agrees, lostLeaves } from './ingest-arrival/arrival.ts';
import { decodeBytes, readContent } from './ingest-arrival/decode-file.ts';

/**
 * Logs of osqueryd in their three forms, and its status log. A case for each file (recognised, no problem, as many events as
 * rows) and for each row: all of its values arrive, with the host and the time; rows of a first run and of snapshots are no
 * changes, but logs, or what they list where that is judged by its content; rows of evented tables are events of their own time.
 */
export const suite: Suite = { id: 'ingest/osquery', run };

interface Row {
  readonly result: Readonly<Record<string, unknown>>;
  readonly action: string;
  readonly columns: Readonly<Record<string, string>>;
}

async function run(corpus: string): Promise<SuiteResult> {
  const failed: SuiteFailure[] = [];
  let total = 0;
  for (const file of globSync('host/osquery/*.{results,snapshots}.log*', { cwd: corpus }).sort()) {
    const content = readContent(join(corpus, file));
    const lines = content
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    const rows = lines.flatMap((line) => rowsOf(JSON.parse(line) as Readonly<Record<string, unknown>>));
    const { detection, events, problems } = await decodeBytes(source, content, file);
    total += 1 + rows.length;
    const got = `${detection}, ${events.length} events, ${problems.length} problems`;
    const want = `certain, ${rows.length} events, 0 problems`;
    if (got !== want) failed.push({ case: basename(file), got, want });
    failed.push(...rows.flatMap((row, index) => rowFailure(`${basename(file)} row ${index + 1}`, row, events[index])));
  }
  for (const file of globSync('host/osquery/*.{INFO,WARNING,ERROR}*', { cwd: corpus }).sort()) {
    const content = readContent(join(corpus, file));
    const lines = content
      .toString('utf8')
      .split('\n')
      .filter((line) => /^[IWEF]\d{4}/.test(line));
    const { detection, events, problems } = await decodeBytes(statusSource, content, file);
    total++;
    const read = events.filter(
      (event, index) => event.kind === 'log' && lines[index]?.endsWith(event.message ?? '?') === true,
    );
    const got = `${detection}, ${read.length} of ${lines.length} lines, ${problems.length} problems`;
    const want = `certain, ${lines.length} of ${lines.length} lines, 0 problems`;
    if (got !== want) failed.push({ case: basename(file), got, want });
  }
  return { total, passed: total - failed.length, skipped: 0, failed };
}

function rowsOf(result: Readonly<Record<string, unknown>>): Row[] {
  const { columns, diffResults, snapshot } = result;
  const rows = (action: string, list: unknown): Row[] =>
    (Array.isArray(list) ? (list as Record<string, string>[]) : []).map((one) => ({ result, action, columns: one }));
  if (columns !== undefined) return rows(String(result['action']), [columns]);
  if (snapshot !== undefined) return rows('snapshot', snapshot);
  const differences = (diffResults ?? {}) as Readonly<Record<string, unknown>>;
  return ['removed', 'added'].flatMap((action) => rows(action, differences[action]));
}

function rowFailure(name: string, { result, action, columns }: Row, event: VakthundEvent | undefined): SuiteFailure[] {
  if (event === undefined) return [{ case: name, got: 'no event', want: JSON.stringify(columns) }];
  const { hostIdentifier, decorations, unixTime, counter } = result;
  const [lost] = lostLeaves({ hostIdentifier, decorations, counter, action, columns: known(action, columns) }, event);
  if (lost !== undefined) return [{ case: name, got: `lost ${JSON.stringify(lost)}`, want: 'all values' }];
  const isFileEvent = columns['target_path'] !== undefined && action === 'added';
  const time = Number(isFileEvent ? (columns['time'] ?? unixTime) : unixTime) * 1e6;
  const isInventory = action === 'snapshot' || (counter === 0 && !isFileEvent);
  const wanted: Readonly<Record<string, unknown>> = {
    time,
    host_name: hostIdentifier,
    ...(isInventory ? inventoryOf(columns) : {}),
    ...(isFileEvent ? { kind: 'file_access', file_path: columns['target_path'], file_mode: columns['mode'] } : {}),
  };
  const row = event as unknown as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(wanted).find(([column, value]) => !agrees(row[column], value));
  if (wrong === undefined) return [];
  return [{ case: name, got: `${wrong[0]} ${JSON.stringify(row[wrong[0]])}`, want: JSON.stringify(wrong[1]) }];
}

/** Jobs, start-up items, units and set-id programs are listed as what they are; the rest of an inventory is a log. */
function inventoryOf(columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const has = (...names: readonly string[]): boolean => names.every((name) => (columns[name] ?? '') !== '');
  if (has('permissions', 'path') && !has('size')) return { kind: 'file_access', event_action: 'listed' };
  const isTask =
    has('command', 'minute') ||
    has('command', 'event') ||
    has('fragment_path') ||
    has('name', 'source', 'path', 'status');
  return isTask ? { kind: 'scheduled_task', event_action: 'listed' } : { kind: 'log' };
}

/** What a file event was stands as our word for it in `event_action`. */
function known(action: string, columns: Readonly<Record<string, string>>): object {
  const { action: _word, ...rest } = columns;
  return columns['target_path'] === undefined || action !== 'added' ? columns : rest;
}
