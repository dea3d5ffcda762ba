import type { Command } from 'commander';
import type { Subcommand } from '../../command.ts';
import type { CollectCommandOptions } from './collect-options.ts';

const examples = `Examples:
  vakthund host collect -o web1.tar.zst
  vakthund host inspect --bundle web1.tar.zst        later, and elsewhere
`;

export const collect: Subcommand = {
  define(parent, run) {
    parent
      .command('collect')
      .summary('take what inspecting, asking and hunting need of a machine into one file')
      .requiredOption('-o, --output <file>', 'the bundle: a tar, packed with zstd, or with gzip by its name')
      .option('--root <folder>', 'a mounted or unpacked root instead of this machine')
      .option('--no-logs', 'leave out /var/log and journals')
      .option('--max-file <MB>', 'at most so much of one file', '64')
      .option('--max-size <MB>', 'at most so much of all files', '1024')
      .option('--timeout <seconds>', 'stop looking then', '600')
      .option('--key <file>', 'ed25519 key (PEM) to sign with; made when it is not there')
      .addHelpText('before', examples)
      .action((_options: unknown, itself: Command) =>
        run(async (terminal) =>
          (await import('./run-collect.ts')).collectHost(itself.optsWithGlobals<CollectCommandOptions>(), terminal),
        ),
      );
  },
};
