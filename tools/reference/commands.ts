import { Command as Commander } from 'commander';
import type { Command } from '../../src/cli/command.ts';
import { referencePage, type GeneratedFile } from './page.ts';
import { importIfPresent, pluginsOf } from './registries.ts';

/**
 * The help of every command, as it is printed. Without a command line (`src/cli/main.ts`) the commands are read from
 * their registry alone.
 */
export async function commandPages(): Promise<GeneratedFile[]> {
  const program = await createProgram();
  const commands = withSubcommands(program).filter((command) => command !== program);
  return [
    referencePage('commands', 'Commands', [
      'Standard output is data, standard error is talk; `--json` prints one documented object. Exit code 0: done. 1: findings at or over `--fail-on`. 2: could not do it.',
      ...(program.options.length > 0 ? ['## vakthund', helpBlock(program)] : []),
      ...commands.flatMap((command) => [`## ${pathOf(command)}`, helpBlock(command)]),
    ]),
  ];
}

async function createProgram(): Promise<Commander> {
  const { buildProgram } = await importIfPresent('src/cli/main.ts');
  if (typeof buildProgram === 'function') return (buildProgram as (onExit: () => void) => Commander)(() => undefined);
  const program = new Commander('vakthund');
  for (const command of await pluginsOf<Command>('command')) {
    command.define(program.command(command.id).description(command.summary), () => Promise.resolve());
  }
  return program;
}

function withSubcommands(command: Commander): Commander[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function pathOf(command: Commander): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

function helpBlock(command: Commander): string {
  let text = '';
  command.configureOutput({
    writeOut: (part) => (text += part),
    getOutHelpWidth: () => 100,
    getOutHasColors: () => false,
  });
  command.outputHelp();
  return `\`\`\`text\n${text.trimEnd().replaceAll(/[ \t]+$/gm, '')}\n\`\`\``;
}
