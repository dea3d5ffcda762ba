import { Option, type Command } from 'commander';
import type { Subcommand } from '../../command.ts';
import type { QueryOptions } from './query-options.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export const query: Subcommand = {
  define(parent, run) {
    parent
      .command('query')
      .summary('one SELECT, or a pack of osquery, over the tables of osquery')
      .argument('[sql]', 'one SELECT in the words of osquery, or @FILE to read it from a file')
      .option('--root <folder>', 'a mounted or unpacked root instead of this machine')
      .option('--bundle <file>', 'a bundle of `host collect`, Velociraptor or UAC, or an archive of a root')
      .option('--image <image>', 'an image: archive, OCI layout, or name in a registry')
      .option('--pack <file>', 'a pack or configuration of osquery instead of SQL (repeatable)', collect, [])
      .option('--state <file>', 'what the packs gave last time; default: in the case')
      .addOption(
        new Option('--format <format>', 'how to print rows')
          .choices(['table', 'json', 'csv', 'osquery'])
          .default('table'),
      )
      .option('--timeout <seconds>', 'stop a query after this many seconds', '60')
      .option('--limit <rows>', 'rows of one query to print at most', '1000')
      .action((sql: string | undefined, _options: unknown, itself: Command) =>
        run(async (terminal) =>
          (await import('./run-query.ts')).queryHost(sql, itself.optsWithGlobals<QueryOptions>(), terminal),
        ),
      );
  },
};
