import { defineCommand } from '../../command.ts';
import { withCase, type GlobalOptions } from '../../context.ts';

const examples = `Examples:
  vakthund report                     the last verdict of the case
  vakthund report --all --json
`;

export const command = defineCommand({
  id: 'report',
  summary: 'print the last verdict again',
  define(command, run) {
    command
      .option('--all', 'print all findings, not only the most telling ones')
      .addHelpText('before', examples)
      .action(() =>
        run(async (terminal) => {
          const options = command.optsWithGlobals<GlobalOptions & { all?: boolean }>();
          const verdict = await withCase(options, terminal, (service) => service.verdict());
          const { printVerdict } = await import('../../print-verdict.ts');
          printVerdict(verdict, terminal, { showAll: options.all === true });
          return 0;
        }),
      );
  },
});
