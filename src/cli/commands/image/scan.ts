import { Option } from 'commander';
import type { Subcommand } from '../../command.ts';
import { addImageOptions } from './image-options.ts';
import type { ScanOptions } from './run-scan.ts';

const collect = (value: string, previous: readonly string[]): readonly string[] => [...previous, value];
const severities = ['low', 'medium', 'high', 'critical'];

export const scan: Subcommand = {
  define(parent, run) {
    addImageOptions(
      parent
        .command('scan')
        .summary('find known vulnerabilities of what is installed in an image, a root or a bill of materials'),
    )
      .option('--advisories <path>', 'file or folder of advisories instead of the store (repeatable)', collect, [])
      .option('--store <folder>', 'folder of the advisory store; see `vakthund feeds status`')
      .option(
        '--changelogs <image>',
        'updated image of the same Debian or Ubuntu: what its change logs repaired is advice',
      )
      .option('--as-of <day>', 'use what was published until then: 2023-09-22')
      .option(
        '--vex <file>',
        'statements that say what does not matter: OpenVEX, CSAF, CycloneDX (repeatable)',
        collect,
        [],
      )
      .option('--ignore <file>', 'vulnerabilities to leave out, with reason and end (repeatable)', collect, [])
      .option('--with-development', 'also judge what lock files want for development only')
      .addOption(new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(severities))
      .action((subject: string, options: ScanOptions) =>
        run(async (terminal) => (await import('./run-scan.ts')).runScan(subject, options, terminal)),
      );
  },
};
