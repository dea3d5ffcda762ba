import { defineCommand } from '../../command.ts';
import type { GlobalOptions } from '../../context.ts';

const examples = `Examples:
  vakthund sources list                                what is read, and into which kinds of event
  vakthund sources check firewall.yaml                 is this mapping file right?
  vakthund sources check firewall.yaml firewall.log    and what does it make of a log?
`;

export const command = defineCommand({
  id: 'sources',
  summary: 'list the formats that are read, check files that map logs of your own',
  define(command, run) {
    command.addHelpText('before', examples);
    command
      .command('list')
      .summary('print the formats that are read')
      .action(() => run(async (terminal) => (await import('./list.ts')).listSources(terminal)));
    command
      .command('check')
      .summary('check a mapping file, and show what it makes of logs')
      .argument('<mapping>', 'YAML file that says how a log is read')
      .argument('[log...]', 'logs that it is for, compressed or not')
      .action((mapping: string, logs: string[]) =>
        run(async (terminal) =>
          (await import('./check.ts')).checkSources(mapping, logs, command.optsWithGlobals<GlobalOptions>(), terminal),
        ),
      );
  },
});
