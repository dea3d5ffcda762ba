import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { messageOf, VakthundError } from '../../../base/errors.ts';
import { assertSensors } from '../../../case/watch/sensors.ts';
import type { ExitCode } from '../../command.ts';
import { settingsOf, type GlobalOptions } from '../../context.ts';
import type { Terminal } from '../../terminal.ts';
import { receiversOf, type ChannelOptions } from './channels.ts';
import { intervalsOf, type IntervalOptions } from './intervals.ts';
import { secondsOf } from './seconds.ts';
import { unitText } from './unit.ts';

interface UnitCommandOptions extends GlobalOptions, ChannelOptions, IntervalOptions {
  readonly sensor: readonly string[];
  readonly captureEvery: string;
  readonly writeUnit?: string;
}

/** The unit that runs what was asked for; what a watch would refuse at its start is refused here, as nobody looks when the machine starts. */
export async function printUnit(
  options: UnitCommandOptions,
  caseFolder: string,
  terminal: Terminal,
): Promise<ExitCode> {
  await assertUsable(options);
  const args = withoutUnit(process.argv.slice(2));
  const withCase = args.some((word) => word === '--case' || word.startsWith('--case='))
    ? args
    : [...args, '--case', caseFolder];
  const program = fileURLToPath(new URL('../../../../vakthund', import.meta.url));
  const workingFolder = process.cwd();
  const text = unitText({ program, args: withCase, workingFolder, caseFolder, sensors: options.sensor });
  if (options.writeUnit === undefined) terminal.out(text);
  else writeWhole(resolve(options.writeUnit), text);
  return 0;
}

async function assertUsable(options: UnitCommandOptions): Promise<void> {
  assertSensors(options.sensor);
  receiversOf(options);
  intervalsOf(options);
  secondsOf(options.captureEvery, '--capture-every');
  await settingsOf(options);
}

/** The words of the command line that stay in the unit. */
function withoutUnit(words: readonly string[]): string[] {
  return words.filter(
    (word, at) => word !== '--print-unit' && !/^--write-unit(?:=|$)/.test(word) && words[at - 1] !== '--write-unit',
  );
}

/** What stood there stays until all of it is written. */
function writeWhole(path: string, text: string): void {
  const next = `${path}.new`;
  try {
    writeFileSync(next, text, { mode: 0o644 });
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    throw new VakthundError('OUTPUT', `the unit "${path}" cannot be written: ${messageOf(error)}`, { cause: error });
  }
}
