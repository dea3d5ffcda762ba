import { readFileSync } from 'node:fs';
import { VakthundError } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import type { HostQueryResult } from '../../../inspect/host/query/host-query.ts';
import type { TableContext } from '../../../inspect/host/table-context.ts';
import type { ExitCode } from '../../command.ts';
import { rowsAsCsv, rowsAsJson, rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import type { QueryOptions } from './query-options.ts';
import { openSubject } from './query-subject.ts';
import { talkProblems } from './talk-problems.ts';

/** `host query`: one SELECT over the tables of this machine or of a root, or the queries of packs. */
export async function queryHost(
  argument: string | undefined,
  options: QueryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if ((argument === undefined) === (options.pack.length === 0)) {
    throw new VakthundError('USAGE', 'give either a statement or --pack', { hint: 'vakthund host query --help' });
  }
  const subject = await openSubject(options, terminal);
  try {
    return await answer(argument, subject.context, options, terminal);
  } finally {
    subject.close();
  }
}

async function answer(
  argument: string | undefined,
  context: TableContext,
  options: QueryOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const limits = {
    timeoutMs: numberOf(options.timeout, '--timeout') * 1000,
    maxRows: numberOf(options.limit, '--limit'),
    signal: terminal.signal,
  };
  if (argument === undefined) {
    const { queryPacks } = await import('./run-packs.ts');
    return queryPacks(context, options, limits, terminal);
  }
  const { runHostQuery } = await import('../../../inspect/host/query/host-query.ts');
  const sql = argument.startsWith('@') ? readFileSync(argument.slice(1), 'utf8') : argument;
  const result = await runHostQuery(sql, context, limits);
  print(result, context.drainProblems(), options, terminal);
  return 0;
}

function print(result: HostQueryResult, problems: readonly Problem[], options: QueryOptions, terminal: Terminal): void {
  const notChecked = result.empty.map(({ table, why }) => ({ what: `table ${table}`, why }));
  if (terminal.json || options.format === 'json') {
    terminal.out(rowsAsJson(result, options.case, { problems, notChecked }));
    return;
  }
  terminal.out(options.format === 'csv' ? rowsAsCsv(result) : rowsAsTable(result, terminal.width));
  if (terminal.quiet) return;
  if (result.isCut) terminal.talk(`note: only the first ${result.rows.length} rows are shown; raise --limit\n`);
  for (const { what, why } of notChecked) terminal.talk(`note: ${what} is empty: ${why}\n`);
  talkProblems(problems, terminal);
}

function numberOf(text: string, option: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) {
    throw new VakthundError('USAGE', `${option} needs a number over 0, not "${text}"`);
  }
  return value;
}
