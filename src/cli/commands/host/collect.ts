import type { Command } from 'commander';
import type { Subcommand } from '../../command.ts';
import type { CollectCommandOptions } from './collect-options.ts';

const examples = `Examples:
  vakthund host collect -o web1.tar.zst
  vakthund host collect -o disk.tar.gz --root /mnt/disk --no-logs
  vakthund host inspect --bundle web1.tar.zst        later, and elsewhere
  vakthund investigate web1.tar.zst
`;

export const collect: Subcommand = {
  define(parent, run) {
    parent
      .command('collect')
      .summary('take from this machine what inspecting, asking and hunting need, into one file')
      .requiredOption(
        '-o, --output <file>',
        'the bundle: a tar, packed with gzip when its name ends so, else with zstd',
      )
      .option('--root <folder>', 'a mounted or unpacked root instead of this machine')
      .option('--no-logs', 'leave out /var/log and journals')
      .option('--max-file <MB>', 'of one file at most this much', '64')
      .option('--max-size <MB>', 'of all files together at most this much', '1024')
      .option('--timeout <seconds>', 'stop looking after this time', '600')
      .option('--key <file>', 'sign the manifest with this ed25519 key (PEM); it is made when it is not there')
      .addHelpText('before', examples)
      .action((_options: unknown, itself: Command) =>
        run(async (terminal) =>
          (await import('./run-collect.ts')).collectHost(itself.optsWithGlobals<CollectCommandOptions>(), terminal),
        ),
      );
  },
};
