import type { Subcommand } from '../../../command.ts';
import type { ShodanOptions } from './run.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];

export const shodan: Subcommand = {
  define(parent, run) {
    const command = parent
      .command('shodan')
      .summary('tell what Shodan saw of addresses: tells Shodan which ones you ask for')
      .argument('[address...]', 'addresses; those of inner networks are not asked for')
      .option('--host <name>', 'look the addresses of a name up here first (repeatable)', collect, [])
      .option('--key-file <file>', 'file with the key of your account, mode 600; not needed for what was asked lately')
      .option('--max-age <hours>', 'take an answer that is no older, without asking', '24')
      .option('--pause <ms>', 'wait between two questions; Shodan takes one a second', '1100')
      .option('--api <url>', 'another place that answers like it', 'https://api.shodan.io')
      .option('--join', 'keep what is odd about the addresses in the case, and judge it together with everything there')
      .action((addresses: string[]) =>
        run(async (terminal) =>
          (await import('./run.ts')).askShodan(addresses, command.optsWithGlobals<ShodanOptions>(), terminal),
        ),
      );
  },
};
