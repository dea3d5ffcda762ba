import { Option } from 'commander';
import { severities } from '../../../events/finding.ts';
import { defineCommand } from '../../command.ts';
import type { InspectOptions } from './inspect.ts';

const examples = `Examples:
  vakthund file inspect holiday.png invoice.pdf.zip    what they are, and what they hide
  vakthund file inspect uploads/*.jpg --fail-on medium --json
`;

export const command = defineCommand({
  id: 'file',
  summary: 'say what files are and what they hide: data behind the end, odd chunks, messages in pixels',
  guide: ['B19'],
  define(command, run) {
    command.addHelpText('before', examples);
    command
      .command('inspect')
      .summary('look at files one by one')
      .argument('<file...>', 'files as they are: archives are judged, not opened')
      .addOption(
        new Option('--fail-on <severity>', 'exit with 1 when a sign is at or over it').choices([...severities]),
      )
      .action((paths: string[], options: InspectOptions) =>
        run(async (terminal) => (await import('./inspect.ts')).inspectFiles(paths, options, terminal)),
      );
  },
});
