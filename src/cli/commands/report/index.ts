import { defineCommand } from '../../command.ts';
import { withExistingCase, type GlobalOptions } from '../../context.ts';
import { parseTimeArgument } from '../../parse-time.ts';
import { addReportOptions, type ReportFiles } from '../../report-files.ts';

interface Options extends GlobalOptions, ReportFiles {
  readonly all?: boolean;
  readonly since?: string;
  readonly until?: string;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly incident: readonly string[];
}

const examples = `Examples:
  vakthund report                                the last verdict of the case
  vakthund report --since 7d                     what was seen in the last week
  vakthund report --incident inc-608f            one incident, whole
  vakthund report --only analytics/beacon --all
  vakthund report --html report.html             one file to hand on, for a browser
  vakthund report --format ocsf -o findings.jsonl
`;

function collect(value: string, before: readonly string[]): string[] {
  return [...before, ...value.split(',').map((part) => part.trim())];
}

export const command = defineCommand({
  id: 'report',
  summary: 'print the last verdict again, whole or in part, in any format',
  define(command, run) {
    command
      .option('--all', 'print all findings, not only the most telling ones')
      .option('--since <time>', 'leave out what ended before (ISO time, day, or 24h, 7d)')
      .option('--until <time>', 'leave out what began then or later')
      .option('--only <ids>', 'only findings of these detectors (repeatable, or by commas)', collect, [])
      .option('--skip <ids>', 'no findings of these detectors', collect, [])
      .option('--incident <ids>', 'only these incidents, by id or the beginning of it', collect, []);
    addReportOptions(command)
      .addHelpText('before', examples)
      .action(() =>
        run(async (terminal) => {
          const options = command.optsWithGlobals<Options>();
          const now = Date.now() * 1000;
          const part = {
            ...(options.since === undefined ? {} : { since: parseTimeArgument(options.since, now) }),
            ...(options.until === undefined ? {} : { until: parseTimeArgument(options.until, now) }),
            only: options.only,
            skip: options.skip,
            incidents: options.incident,
          };
          const verdict = await withExistingCase(options, terminal, (service) => service.verdict());
          const { printVerdict } = await import('../../print-verdict.ts');
          printVerdict(verdict, options, terminal, { showAll: options.all === true, part });
          return 0;
        }),
      );
  },
});
