import { Option } from 'commander';
import type { Subcommand } from '../../command.ts';
import { addImageOptions, collect } from './image-options.ts';
import type { ScanOptions } from './run-scan.ts';
import { addScanOptions } from './scan-options.ts';

const severities = ['low', 'medium', 'high', 'critical'];

export const scan: Subcommand = {
  define(parent, run) {
    const command = addImageOptions(
      parent
        .command('scan')
        .summary('find known vulnerabilities of what is installed in an image, a root or a bill of materials'),
    );
    addScanOptions(command)
      .option(
        '--archive <path>',
        'index of a package archive (Packages, APKINDEX): what it has newer is told (repeatable)',
        collect,
        [],
      )
      .addOption(new Option('--fail-on <severity>', 'exit 1 from this severity on').choices(severities))
      .option('--join', 'keep the vulnerabilities in the case, and judge them together with everything that it holds')
      .action((subject: string) =>
        run(async (terminal) =>
          (await import('./run-scan.ts')).runScan(subject, command.optsWithGlobals<ScanOptions>(), terminal),
        ),
      );
  },
};
