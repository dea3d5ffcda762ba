import { defineCommand } from '../../command.ts';
import type { StatusOptions } from './status.ts';
import type { UpdateFeedsOptions } from './update.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

const examples = `Examples:
  vakthund feeds update                        fetch the public advisories and build the store
  vakthund feeds update --from mirror/ --from https://mirror.example/osv/npm/all.zip
  vakthund feeds status                        what is in the store, from where, how old
`;

export const command = defineCommand({
  id: 'feeds',
  summary: 'fetch advisories, known exploitation and end-of-life dates, and tell how old they are',
  define(command, run) {
    command.addHelpText('before', examples);
    command
      .command('update')
      .summary('build the advisory store from public feeds, mirrors or files')
      .option(
        '--from <source>',
        'address, file or folder instead of the public feeds; #sha256=HEX behind it says its digest (repeatable)',
        collect,
        [],
      )
      .option('--store <folder>', 'where the store is kept')
      .action((options: UpdateFeedsOptions) =>
        run(async (terminal) => (await import('./update.ts')).updateFeeds(options, terminal)),
      );
    command
      .command('status')
      .summary('tell what is in the store, from where, and how old it is')
      .option('--store <folder>', 'where the store is kept')
      .action((options: StatusOptions) =>
        run(async (terminal) => (await import('./status.ts')).printStatus(options, terminal)),
      );
  },
});
