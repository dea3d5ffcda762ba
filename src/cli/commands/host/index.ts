import { Option, type Command as Commander } from 'commander';
import { defineCommand } from '../../command.ts';
import { inspect } from './inspect.ts';
import type { QueryOptions } from './query-options.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `Examples:
  vakthund host inspect                              what is planted on this machine
  vakthund host inspect --root /mnt/disk --fail-on medium
  vakthund host query "SELECT name, path FROM processes WHERE on_disk = 0"
  vakthund host query --root /mnt/disk "SELECT * FROM crontab"
  vakthund host query --pack incident-response.conf --state state.json
`;

export const command = defineCommand({
  id: 'host',
  summary: 'look for what is planted on this machine, a mounted root or an image, and ask it in SQL',
  guide: ['B09', 'B10', 'B11'],
  define(command, run) {
    command.addHelpText('before', examples);
    inspect.define(command, run);
    command
      .command('query')
      .summary('one SELECT, or a pack of osquery, over the tables of osquery')
      .argument('[sql]', 'one SELECT in the words of osquery, or @FILE to read it from a file')
      .option('--root <folder>', 'a mounted or unpacked root instead of this machine')
      .option('--pack <file>', 'a pack or configuration of osquery instead of SQL (repeatable)', collect, [])
      .option('--state <file>', 'what the packs gave last time; default: in the case')
      .addOption(
        new Option('--format <format>', 'how to print rows')
          .choices(['table', 'json', 'csv', 'osquery'])
          .default('table'),
      )
      .option('--timeout <seconds>', 'stop a query after this many seconds', '60')
      .option('--limit <rows>', 'rows of one query to print at most', '1000')
      .action((sql: string | undefined, _options: unknown, itself: Commander) =>
        run(async (terminal) =>
          (await import('./query.ts')).queryHost(sql, itself.optsWithGlobals<QueryOptions>(), terminal),
        ),
      );
  },
});
