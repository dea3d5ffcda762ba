import { defineCommand } from '../../command.ts';
import { withCase, type GlobalOptions } from '../../context.ts';
import { addReportOptions, writeReports, type ReportFiles } from '../../report-files.ts';

const examples = `Examples:
  vakthund report                     the last verdict of the case
  vakthund report --all --json
  vakthund report --html report.html  one file to hand on, for a browser
`;

export const command = defineCommand({
  id: 'report',
  summary: 'print the last verdict again',
  define(command, run) {
    command.option('--all', 'print all findings, not only the most telling ones');
    addReportOptions(command)
      .addHelpText('before', examples)
      .action(() =>
        run(async (terminal) => {
          const options = command.optsWithGlobals<GlobalOptions & ReportFiles & { all?: boolean }>();
          const verdict = await withCase(options, terminal, (service) => service.verdict());
          const { printVerdict } = await import('../../print-verdict.ts');
          writeReports(printVerdict(verdict, terminal, { showAll: options.all === true }), options, terminal);
          return 0;
        }),
      );
  },
});
