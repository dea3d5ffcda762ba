import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import { asResultsLog } from '../../../inspect/host/query/results-log.ts';
import { runPacks, type PackResult } from '../../../inspect/host/query/run-pack.ts';
import type { TableContext } from '../../../inspect/host/table-context.ts';
import { readDistribution } from '../../../inspect/packages/distribution.ts';
import type { UserQueryOptions } from '../../../store/store.ts';
import type { ExitCode } from '../../command.ts';
import { readPackFile } from '../../pack-file.ts';
import { readPackState, writePackState } from '../../pack-state.ts';
import { rowsAsCsv, rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
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
  const packs = options.pack.flatMap((path) => readPackFile(path, { distribution, hostName: hostname() }));
  const stateFile = options.state ?? join(resolve(options.case), 'host-query.json');
  const state = readPackState(stateFile);
  const results: PackResult[] = [];
  for await (const result of runPacks(packs, context, state, { ...limits, maxRows })) {
    if (terminal.signal.aborted) throw new VakthundError('QUERY_LIMIT', 'the packs were stopped');
    if (options.format === 'osquery') terminal.out(asResultsLog(result, hostname(), new Date()));
    results.push(result);
  }
  writePackState(stateFile, state);
  if (options.format !== 'osquery') print(results, options, terminal);
  if (!terminal.quiet) talk(results, terminal);
  return results.some(({ failed }) => failed !== undefined) ? 2 : 0;
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
