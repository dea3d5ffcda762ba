import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatLocation, VakthundError } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import { checkMapping, type MappedLog, type MappingCheck } from '../../../case/check-mapping.ts';
import { visibleText } from '../../../outputs/visible-text.ts';
import type { ExitCode } from '../../command.ts';
import { settingsOf, type GlobalOptions } from '../../context.ts';
import type { Terminal } from '../../terminal.ts';

/** Ends with 2 when the mapping file is wrong or does not fit a log. */
export async function checkSources(
  mapping: string,
  logs: readonly string[],
  options: GlobalOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  for (const path of [mapping, ...logs]) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
      throw new VakthundError('NOT_FOUND', `there is no file "${path}"`);
    }
  }
  const { toCaseSettings } = await import('../../../config/settings.ts');
  const { limits } = toCaseSettings((await settingsOf(options)).settings);
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-sources-'));
  try {
    const check = await checkMapping(mapping, logs, { limits, spoolFolder, signal: terminal.signal });
    if (terminal.json) terminal.out(`${JSON.stringify(check, null, 1)}\n`);
    else for (const line of checkLines(mapping, check)) terminal.out(`${line}\n`);
    return check.problems.length > 0 || check.logs.some((log) => !log.isRecognised) ? 2 : 0;
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
}

function checkLines(path: string, { id, kind, problems, logs }: MappingCheck): string[] {
  if (id === undefined) return problems.map((problem) => problemLine(path, problem));
  return [`${path}: right; reads ${id} as ${kind ?? ''}`, ...logs.flatMap(logLines)];
}

function logLines({ path, isRecognised, events, filled, left, problems }: MappedLog): string[] {
  if (!isRecognised) {
    return [`${path}: not recognised: its first records lack the keys or values of "recognise"`];
  }
  const share = (counts: Readonly<Record<string, number>>): string =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${visibleText(name, 60)} ${count}`)
      .join(', ');
  return [
    `${path}: ${events} events`,
    `  columns: ${share(filled)}`,
    ...(Object.keys(left).length === 0 ? [] : [`  left in fields: ${share(left)}`]),
    ...problems.map((problem) => `  ${problemLine(path, problem)}`),
  ];
}

function problemLine(path: string, { at, message, count = 1 }: Problem): string {
  return `${formatLocation({ path, ...at })}: ${visibleText(message)}${count > 1 ? ` (${count} times)` : ''}`;
}
