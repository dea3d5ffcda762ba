#!/usr/bin/env node
import { Command as Commander, CommanderError, Help, Option } from 'commander';
import { VakthundError, messageOf } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { usualCase } from '../outputs/text/command.ts';
import type { Command, ExitCode } from './command.ts';
import { commands } from './commands/registry.generated.ts';
import { createTerminal } from './node-terminal.ts';
import type { Terminal } from './terminal.ts';

/** The whole program, for running and for the reference pages. `onExit` gets the exit code of the command that ran. */
export function buildProgram(onExit: (code: ExitCode) => void): Commander {
  const program = new Commander('vakthund')
    .description(
      'One watchdog for containers and backdoors: reads what your sensors write, tells one story per intrusion.',
    )
    .version(version, '-V, --version')
    .option('--case <dir>', 'folder of the case', usualCase)
    .option('--config <file>', 'settings file, over the ones of user and case')
    .option('--json', 'print one documented JSON object')
    .option('-q, --quiet', 'no progress and no notices on standard error')
    .option('--no-color', 'no colour; NO_COLOR works too')
    .addOption(
      new Option('--log-level <level>', 'what to log on standard error')
        .choices(['debug', 'info', 'warn', 'error'])
        .default('warn'),
    )
    .addOption(new Option('--log-format <format>', 'how to log').choices(['text', 'json']).default('text'))
    .addHelpText('before', `${examples}\n`)
    .addHelpText('after', '\nExit codes: 0 done, 1 findings at or over --fail-on, 2 could not do it.')
    .showSuggestionAfterError(true)
    .configureHelp({ showGlobalOptions: true, optionDescription: describeOption })
    .exitOverride();
  const list: readonly Command[] = Object.values(commands);
  for (const entry of list) {
    const command = program.command(entry.id).summary(entry.summary).description(entry.summary).exitOverride();
    entry.define(command, async (action) => onExit(await runAction(command, action)));
  }
  return program;
}

const examples = `Examples:
  vakthund investigate samples/intrusion       ranked incidents of a folder of logs
  vakthund hunt "SELECT count(*) FROM flow"    ask everything that is stored
  vakthund report                              the last verdict again`;

/** An empty list is what every repeatable option begins with: not worth a word. */
function describeOption(option: Option): string {
  return new Help().optionDescription(option).replace(' (default: [])', '');
}

async function runAction(command: Commander, action: (terminal: Terminal) => Promise<ExitCode>): Promise<ExitCode> {
  const terminal = createTerminal(command.optsWithGlobals());
  try {
    return await action(terminal);
  } catch (error) {
    if (terminal.signal.aborted) {
      terminal.talk('stopped; what was committed stays, and the next run goes on from there\n');
      return 2;
    }
    tell(terminal, error);
    return 2;
  }
}

function tell(terminal: Terminal, error: unknown): void {
  const known = error instanceof VakthundError ? error : undefined;
  const code = known?.code ?? 'INTERNAL';
  terminal.talk(`vakthund: ${messageOf(error)} [${code}]\n`);
  if (known?.hint !== undefined) terminal.talk(`  try: ${known.hint}\n`);
  if (code === 'INTERNAL' && error instanceof Error) terminal.talk(`${error.stack ?? ''}\n`);
}

export async function main(argv: readonly string[]): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const program = buildProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

if (import.meta.main) {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    // The reader went away (`| head`): nothing more to say.
    if (error.code === 'EPIPE') process.exit(0);
  });
  process.exitCode = await main(process.argv.slice(2));
}
