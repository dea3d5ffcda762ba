import { basename } from 'node:path';
import { VakthundError } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import { openBundle } from '../../../inspect/host/bundle/open-bundle.ts';
import { Stack, type StackRow } from '../../../inspect/host/stack/stack.ts';
import type { ExitCode } from '../../command.ts';
import { createProgress } from '../../progress.ts';
import { rowsAsCsv, rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';
import type { StackOptions } from './stack-options.ts';
import { talkProblems } from './talk-problems.ts';

/** Names of hosts that are printed of one row; `--json` has all. */
const maxNames = 5;

/** `host stack`: what few of many machines have. */
export async function stackHosts(
  bundles: readonly string[],
  options: StackOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const [atMost, limit] = [whole(options.atMost, '--at-most'), whole(options.limit, '--limit')];
  if (!['table', 'json', 'csv'].includes(options.format)) {
    throw new VakthundError('USAGE', `--format is table, json or csv, not "${options.format}"`);
  }
  const stack = new Stack();
  const takenFrom = new Map<string, string[]>();
  const problems: Problem[] = [];
  const notChecked: { what: string; why: string }[] = [];
  const progress = createProgress(terminal);
  for (const [done, path] of bundles.entries()) {
    progress.show({ phase: 'detect', what: path, done, total: bundles.length });
    terminal.signal.throwIfAborted();
    const bundle = await openBundle(path);
    try {
      const { tree, live, foreign, host } = bundle;
      const name = host ?? basename(path);
      takenFrom.set(name, [...(takenFrom.get(name) ?? []), basename(path)]);
      stack.add({ name, tree, live, foreign, signal: terminal.signal });
      problems.push(...bundle.problems);
      notChecked.push(...bundle.notChecked.map(({ what, why }) => ({ what: `${basename(path)}: ${what}`, why })));
    } finally {
      bundle.close();
    }
  }
  progress.end();
  for (const [name, files] of takenFrom) {
    if (files.length === 1) continue;
    const message = `${files.length} bundles say that they are of "${name}": they count as one host (${files.slice(0, maxNames).join(', ')})`;
    problems.push({
      code: 'partly-seen',
      at: { path: files[0] ?? '' },
      message,
      hint: 'machines that share a name hide in each other',
    });
  }
  if (stack.left > 0) notChecked.push({ what: `${stack.left} items`, why: 'there were too many different ones' });
  const rows = stack.rows(atMost);
  if (terminal.json || options.format === 'json') {
    terminal.out(
      `${JSON.stringify({ hosts: stack.hosts, at_most: atMost, rows, problems, not_checked: notChecked }, null, 1)}\n`,
    );
    return 0;
  }
  const table = tableOf(rows.slice(0, limit), rows.length > limit);
  terminal.out(options.format === 'csv' ? rowsAsCsv(table) : rowsAsTable(table, Math.max(terminal.width, 120)));
  if (terminal.quiet) return 0;
  terminal.talk(`${rows.length} items on at most ${atMost} of ${stack.hosts.length} hosts\n`);
  talkProblems(problems, terminal);
  if (notChecked.length > 0) terminal.talk(`note: ${notChecked.length} things were not looked at; --json tells them\n`);
  return 0;
}

function tableOf(rows: readonly StackRow[], isCut: boolean): Parameters<typeof rowsAsTable>[0] {
  return {
    columns: ['hosts', 'severity', 'kind', 'what', 'detail'].map((name) => ({ name, type: 'VARCHAR' })),
    rows: rows.map(({ hosts, severity, kind, what, detail }) => [namesOf(hosts), severity, kind, what, detail]),
    isCut,
  };
}

function namesOf(hosts: readonly string[]): string {
  const more = hosts.length > maxNames ? ` and ${hosts.length - maxNames} more` : '';
  return hosts.slice(0, maxNames).join(' ') + more;
}

function whole(text: string, option: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new VakthundError('USAGE', `${option} needs a whole number over 0, not "${text}"`);
}
