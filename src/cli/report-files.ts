import { closeSync, openSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { VakthundError } from '../base/errors.ts';
import { outputs } from '../outputs/formats/registry.generated.ts';
import type { Output } from '../outputs/output.ts';
import type { Report } from '../outputs/report-schema.ts';
import type { Terminal } from './terminal.ts';

/** Files that a verdict is also written to, by the id of their format. */
export type ReportFiles = Readonly<Partial<Record<string, unknown>>>;

const formats = Object.values(outputs as Readonly<Record<string, Output>>).filter(
  (output) => output.extension !== undefined,
);

/** `--html FILE` and the like, one for each format that has files. */
export function addReportOptions(command: Command): Command {
  for (const { id, title } of formats) command.option(`--${id} <file>`, `also write: ${title}`);
  return command;
}

/** Writes the files that were asked for; a file that is there is replaced. */
export function writeReports(report: Report, files: ReportFiles, terminal: Terminal): void {
  for (const output of formats) {
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
