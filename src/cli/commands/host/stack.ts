import type { Command } from 'commander';
import type { Subcommand } from '../../command.ts';
import type { StackOptions } from './stack-options.ts';

const examples = `Examples:
  vakthund host stack web*.tar.zst                    what only one of them has
`;

export const stack: Subcommand = {
  define(parent, run) {
    parent
      .command('stack')
      .summary('what only few of many bundles have')
      .argument('<bundle...>', 'bundles of machines')
      .option('--at-most <hosts>', 'so many machines, or fewer', '1')
      .option('--limit <rows>', 'rows to print at most', '1000')
      .option('--format <format>', 'table, json or csv', 'table')
      .addHelpText('before', examples)
      .action((bundles: string[], _options: unknown, itself: Command) =>
        run(async (terminal) =>
          (await import('./run-stack.ts')).stackHosts(bundles, itself.optsWithGlobals<StackOptions>(), terminal),
        ),
      );
  },
};
