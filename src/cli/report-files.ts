import { closeSync, openSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { VakthundError } from '../base/errors.ts';
import { outputs, type OutputId } from '../outputs/formats/registry.generated.ts';
import type { Output, OutputOptions } from '../outputs/output.ts';
import type { Report } from '../outputs/report-schema.ts';
import type { Terminal } from './terminal.ts';

/** How a verdict is printed, and the files that it is also written to, by the id of their format. */
export interface ReportFiles extends Readonly<Partial<Record<string, unknown>>> {
  readonly format?: OutputId;
  readonly output?: string;
}

const formats: readonly Output[] = Object.values(outputs);
const fileFormats = formats.filter((output) => output.extension !== undefined);

/** `--format ID`, `-o FILE`, and `--html FILE` and the like, one for each format that has files. */
export function addReportOptions(command: Command): Command {
  command
    .addOption(
      new Option('--format <id>', 'print it in this format instead of as text').choices(formats.map(({ id }) => id)),
    )
    .option('-o, --output <file>', 'write what --format says to this file instead');
  return addReportFiles(command);
}

/** `--html FILE` and the like alone, where `--format` says something else too. */
export function addReportFiles(command: Command): Command {
  for (const { id, title } of fileFormats) command.option(`--${id} <file>`, `also write: ${title}`);
  return command;
}

/** Throws `USAGE` for a file without a format, before anything is done for it. */
export function checkReportFiles({ format, output }: ReportFiles, terminal: Terminal): void {
  if (output === undefined || format !== undefined || terminal.json) return;
  throw new VakthundError('USAGE', 'a file needs a format', { hint: `add --format ${formats[0]?.id ?? 'json'}` });
}

/** Prints the report: as text, with `--json` as the documented object, or in the format that was asked for. */
export function printReport(
  report: Report,
  files: ReportFiles,
  terminal: Terminal,
  options: Pick<OutputOptions, 'showAll' | 'failOn'>,
): void {
  checkReportFiles(files, terminal);
  const output: Output = outputs[files.format ?? (terminal.json ? 'json' : 'terminal')];
  if (files.output !== undefined) {
    writeReport(output, report, resolve(files.output), terminal);
    return;
  }
  const { width, color } = terminal;
  for (const text of output.render(report, { ...options, width, color })) terminal.out(text);
}

/** Writes the files that were asked for beside; a file that is there is replaced. */
export function writeReports(report: Report, files: ReportFiles, terminal: Terminal): void {
  for (const output of fileFormats) {
    const path = files[output.id];
    if (typeof path === 'string') writeReport(output, report, resolve(path), terminal);
  }
}

function writeReport(output: Output, report: Report, path: string, terminal: Terminal): void {
  const options = { width: 100, color: false, showAll: true };
  try {
    const file = openSync(path, 'w', 0o600);
    try {
      for (const piece of output.render(report, options)) writeFileSync(file, piece);
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    throw new VakthundError('OUTPUT', `cannot write the report to "${path}"`, { cause });
  }
  if (!terminal.quiet) terminal.talk(`${output.title}: ${path}\n`);
}
