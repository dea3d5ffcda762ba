import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { readPacks, type Pack } from '../../../inspect/host/query/pack.ts';
import { runPacks, type PackResult } from '../../../inspect/host/query/run-pack.ts';
import type { TableContext } from '../../../inspect/host/table-context.ts';
import { readDistribution } from '../../../inspect/packages/distribution.ts';
import type { UserQueryOptions } from '../../../store/store.ts';
import type { ExitCode } from '../../command.ts';
import { rowsAsCsv, rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import { readPackState, writePackState } from './pack-state.ts';
import type { QueryOptions } from './query-options.ts';
import { talkProblems } from './talk-problems.ts';

/** Rows of one query that are compared with the last ones. */
const maxRows = 100_000;

/** Runs the packs, prints what came and went since the last time, and remembers what is there now. */
export async function queryPacks(
  context: TableContext,
  options: QueryOptions,
  limits: UserQueryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const distribution = readDistribution(context.tree)?.id ?? '';
  const packs = options.pack.flatMap((path) => readPackFile(path, distribution));
  const stateFile = options.state ?? join(resolve(options.case), 'host-query.json');
  const state = readPackState(stateFile);
  const results: PackResult[] = [];
  for await (const result of runPacks(packs, context, state, { ...limits, maxRows })) {
    if (terminal.signal.aborted) throw new VakthundError('QUERY_LIMIT', 'the packs were stopped');
    if (options.format === 'osquery') terminal.out(asResultsLog(result));
    results.push(result);
  }
  writePackState(stateFile, state);
  if (options.format !== 'osquery') print(results, options, terminal);
  if (!terminal.quiet) talk(results, terminal);
  return results.some(({ failed }) => failed !== undefined) ? 2 : 0;
}

function readPackFile(path: string, distribution: string): Pack[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new VakthundError('NOT_FOUND', `the pack "${path}" cannot be read`, { cause: error });
  }
  return readPacks(text, basename(path).replace(/\.(?:conf|json)$/, ''), distribution);
}

function print(results: readonly PackResult[], options: QueryOptions, terminal: Terminal): void {
  if (terminal.json || options.format === 'json') {
    const queries = results.map(({ name, counter, rows, added, removed, failed, skipped, empty, problems, query }) => ({
      name,
      counter,
      rows: query.isSnapshot || counter === 0 ? rows.length : undefined,
      snapshot: query.isSnapshot ? rows : undefined,
      added,
      removed,
      failed,
      skipped,
      not_checked: empty.map(({ table, why }) => ({ what: `table ${table}`, why })),
      problems,
    }));
    terminal.out(`${JSON.stringify({ queries }, null, 1)}\n`);
    return;
  }
  const columns = [
    { name: 'query', type: 'VARCHAR' },
    { name: 'rows', type: 'BIGINT' },
    { name: 'added', type: 'BIGINT' },
    { name: 'removed', type: 'BIGINT' },
    { name: 'note', type: 'VARCHAR' },
  ];
  const rows = results.map((result) => {
    const { name, rows: found, added, removed } = result;
    return [name, found.length, added.length, removed.length, noteOf(result)];
  });
  const table = { columns, rows, isCut: false };
  terminal.out(options.format === 'csv' ? rowsAsCsv(table) : rowsAsTable(table, Math.max(terminal.width, 120)));
}

function noteOf({ failed, skipped, counter, empty, query }: PackResult): string {
  if (failed !== undefined) return `failed: ${failed.split('\n', 1)[0] ?? ''}`;
  if (skipped !== undefined) return `skipped: ${skipped}`;
  if (query.isSnapshot) return 'snapshot';
  if (empty.length > 0) return `empty: ${empty.map(({ table }) => table).join(', ')}`;
  return counter === 0 ? 'first run' : '';
}

function talk(results: readonly PackResult[], terminal: Terminal): void {
  for (const { name, failed } of results) if (failed !== undefined) terminal.talk(`${name}: ${failed}\n`);
  talkProblems(
    results.flatMap(({ problems }) => problems),
    terminal,
  );
}

/** Lines of osquery's results log (deployment/logging): one for each row that came or went, or one snapshot. */
function asResultsLog(result: PackResult): string {
  if (result.failed !== undefined || result.skipped !== undefined) return '';
  const now = new Date();
  const head = {
    name: result.name,
    hostIdentifier: hostname(),
    calendarTime: now.toUTCString().replace('GMT', 'UTC'),
    unixTime: Math.floor(now.getTime() / 1000),
    epoch: 0,
    counter: result.counter,
    numerics: false,
  };
  if (result.query.isSnapshot) return `${JSON.stringify({ ...head, snapshot: result.rows, action: 'snapshot' })}\n`;
  const line = (columns: object, action: string): string => `${JSON.stringify({ ...head, columns, action })}\n`;
  const removed = result.removed.map((row) => line(row, 'removed'));
  return [...removed, ...result.added.map((row) => line(row, 'added'))].join('');
}
