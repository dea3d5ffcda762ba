import { VakthundError } from '../../../base/errors.ts';
import { formatBytes } from '../../../base/bytes.ts';
import { defineCommand, type ExitCode } from '../../command.ts';
import { withExistingCase, type GlobalOptions } from '../../context.ts';
import { rowsAsTable } from '../../rows.ts';
import type { Terminal } from '../../terminal.ts';

const examples = `Examples:
  vakthund evidence                            what the case has read, with counts
  vakthund evidence show conn.log:1042         the record that a finding points to
  vakthund evidence drop-before 2026-01-01     forget stored events that are older
`;

export const command = defineCommand({
  id: 'evidence',
  summary: 'list what was read, show a record, forget old events',
  define(command, run) {
    const options = (): GlobalOptions => command.optsWithGlobals<GlobalOptions>();
    command.addHelpText('before', examples).action(() => run((terminal) => list(options(), terminal)));
    command
      .command('show')
      .summary('print a record as it stands in the evidence')
      .argument('<place>', 'PATH:LINE as a report prints it; LINE-LINE for several')
      .action((place: string) => run((terminal) => show(place, options(), terminal)));
    command
      .command('drop-before')
      .summary('forget stored events that are older')
      .argument('<time>', 'ISO time, day, or 90d')
      .action((time: string) => run((terminal) => dropBefore(time, options(), terminal)));
  },
});

async function list(options: GlobalOptions, terminal: Terminal): Promise<ExitCode> {
  const { evidence } = await withExistingCase(options, terminal, (service) => service.verdict());
  if (terminal.json) {
    terminal.out(`${JSON.stringify({ evidence }, null, 1)}\n`);
    return 0;
  }
  const rows = evidence.map((row) => [
    row.path,
    row.source ?? 'unknown',
    formatBytes(row.size),
    Object.values(row.events).reduce((sum, count) => sum + count, 0),
    row.problems,
    row.sha256.slice(0, 12),
  ]);
  const columns = ['path', 'source', 'size', 'events', 'problems', 'sha256'].map((name) => ({
    name,
    type: name === 'events' || name === 'problems' ? 'BIGINT' : 'VARCHAR',
  }));
  terminal.out(rowsAsTable({ columns, rows, isCut: false }, Math.max(terminal.width, 100)));
  return 0;
}

async function show(place: string, options: GlobalOptions, terminal: Terminal): Promise<ExitCode> {
  const parts = /^(?<path>.+):(?<first>\d+)(?:-(?<last>\d+))?$/.exec(place)?.groups;
  if (parts === undefined) throw new VakthundError('USAGE', `"${place}" is not PATH:LINE`);
  const first = Number(parts['first']);
  const last = Number(parts['last'] ?? first);
  const { evidence } = await withExistingCase(options, terminal, (service) => service.verdict());
  const wanted = parts['path'] ?? '';
  const matches = evidence.filter(
    (row) => row.path === wanted || row.path.endsWith(`/${wanted}`) || row.path.endsWith(`!${wanted}`),
  );
  const [row, second] = matches;
  if (row === undefined) {
    throw new VakthundError('NOT_FOUND', `the case has read nothing called "${wanted}"`, { hint: 'vakthund evidence' });
  }
  if (second !== undefined) {
    throw new VakthundError('USAGE', `"${wanted}" stands for ${matches.length} contents`, {
      hint: `give more of the path, such as ${row.path}`,
    });
  }
  const { readRecords } = await import('../../../case/records.ts');
  const records = await readRecords(row.path, row.source, { first, last }, evidence);
  if (records.sha256 !== row.sha256) {
    terminal.talk('warning: the file has changed since it was read (its SHA-256 differs); lines may have moved\n');
  }
  for (const line of records.lines) terminal.out(`${line.replaceAll(/[^\P{Cc}\t]/gu, '\uFFFD')}\n`);
  return 0;
}

async function dropBefore(time: string, options: GlobalOptions, terminal: Terminal): Promise<ExitCode> {
  const { parseTimeArgument } = await import('../../parse-time.ts');
  const olderThan = parseTimeArgument(time, Date.now() * 1000);
  const dropped = await withExistingCase(options, terminal, (service) => service.retain(olderThan));
  terminal.out(`${dropped} events forgotten\n`);
  return 0;
}
