import { defineCommand } from '../../command.ts';
import { scopeKeys } from '../../../incidents/suppress/scope.ts';
import type { AddOptions } from './change.ts';
import type { GlobalOptions } from '../../context.ts';

const examples = `Examples:
  vakthund suppress                                         what is silenced, and how much it silences
  vakthund suppress add --detector analytics/beacon --domain updates.example --reason "vendor updater, ticket 4711"
  vakthund suppress add --source 10.0.0.0/24 --detector rules/sigma --expires 30d --reason "lab"
  vakthund suppress remove s-3f2a
`;

function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}

export const command = defineCommand({
  id: 'suppress',
  summary: 'be silent about what is known and harmless, with a reason and an end',
  guide: ['B04'],
  define(command, run) {
    const options = (): GlobalOptions => command.optsWithGlobals<GlobalOptions>();
    command
      .addHelpText('before', examples)
      .action(() => run(async (terminal) => (await import('./change.ts')).list(options(), terminal)));
    const add = command
      .command('add')
      .summary('silence findings that are about nothing but what is given')
      .requiredOption('--reason <text>', 'why it is right to be silent')
      .option('--author <name>', 'who says so; the user of this command when left out')
      .option('--expires <when>', 'a day, 90d, or never', '90d')
      .option('--id <name>', 'name of the entry; made up when left out');
    for (const [key, text] of Object.entries(scopeKeys)) {
      add.option(`--${key} <value>`, `${lowerFirst(text.slice(0, -1))} (repeatable)`, collect);
    }
    add.action(() =>
      run(async (terminal) => (await import('./change.ts')).add(add.optsWithGlobals<AddOptions>(), terminal)),
    );
    command
      .command('remove')
      .summary('tell again what an entry silenced')
      .argument('<id>', 'as the list shows it')
      .action((id: string) => run(async (terminal) => (await import('./change.ts')).remove(id, options(), terminal)));
  },
});

/** A sentence goes on where it was begun; names such as TLS keep their capitals. */
function lowerFirst(text: string): string {
  return /^[A-Z]{2}/.test(text) ? text : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}
