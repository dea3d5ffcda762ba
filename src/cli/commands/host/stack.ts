import type { Command } from 'commander';
import type { Subcommand } from '../../command.ts';
import type { StackOptions } from './stack-options.ts';

const examples = `Examples:
  vakthund host stack web*.tar.zst                    what only one of them has
  vakthund host stack --at-most 3 fleet/*.tar.zst --format csv > rare.csv
`;

export const stack: Subcommand = {
  define(parent, run) {
    parent
      .command('stack')
      .summary('lay bundles of many machines over each other: what is on few of them')
      .argument('<bundle...>', 'what `host collect`, Velociraptor or UAC took from machines')
      .option('--at-most <hosts>', 'show what so many machines have, or fewer', '1')
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
