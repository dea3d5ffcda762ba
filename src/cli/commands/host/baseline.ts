import type { Command } from 'commander';
import { addInspectionOptions } from '../../print-inspection.ts';
import type { Subcommand } from '../../command.ts';

const examples = `Examples:
  vakthund host baseline create                        write down what is there, signed
  vakthund host baseline check --fail-on high          what is not as it was
  vakthund host baseline accept /etc/ssh               the changes below /etc/ssh are ours
`;

export const baseline: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('baseline')
      .summary('write down files as they are, signed, and find what changed since')
      .addHelpText('before', examples);
    const store = (itself: Command): Command =>
      itself
        .option('--store <folder>', 'where the baseline and its history stand; default: in the case')
        .option('--key <file>', 'the ed25519 key (PEM), if it is kept elsewhere');
    store(command.command('create'))
      .summary('write the first baseline; makes a key when there is none')
      .option('--root <folder>', 'a mounted or unpacked root instead of this machine')
      .option('--policy <file>', 'what to watch, in YAML; default: content/integrity/policy.yaml')
      .action((_options: unknown, itself: Command) =>
        run(async (terminal) => (await import('./run-baseline.ts')).createBaselineCommand(itself, terminal)),
      );
    addInspectionOptions(
      store(command.command('check'))
        .summary('hold what is there now against the baseline')
        .option('--root <folder>', 'where the root stands now, if elsewhere than when it was written down')
        .option('--full', 'read every file, also where size, times and inode say that it is untouched')
        .option('--head <hash>', 'refuse a history that does not have this link: it may have been cut'),
    ).action((_options: unknown, itself: Command) =>
      run(async (terminal) => (await import('./run-baseline.ts')).checkBaselineCommand(itself, terminal)),
    );
    store(command.command('accept'))
      .summary('write what is there now as the next baseline')
      .argument('[path...]', 'accept only changes at or below these')
      .option('--head <hash>', 'refuse a history that does not have this link')
      .action((paths: string[], _options: unknown, itself: Command) =>
        run(async (terminal) => (await import('./run-baseline.ts')).acceptBaselineCommand(paths, itself, terminal)),
      );
  },
};
