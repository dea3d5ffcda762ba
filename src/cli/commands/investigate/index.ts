import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option } from 'commander';
import { VakthundError } from '../../../base/errors.ts';
import { severities, type Severity } from '../../../events/finding.ts';
import { countAtOrOver } from '../../../outputs/exit-code.ts';
import type { InvestigateRequest, Verdict } from '../../../case/service.ts';
import { defineCommand, type ExitCode } from '../../command.ts';
import { withCase, type GlobalOptions } from '../../context.ts';
import { addReportOptions, type ReportFiles } from '../../report-files.ts';
import { parseTimeArgument } from '../../parse-time.ts';
import { createProgress } from '../../progress.ts';
import { spoolStdin } from '../../stdin.ts';
import type { Terminal } from '../../terminal.ts';

interface Options extends GlobalOptions, ReportFiles {
  readonly since?: string;
  readonly until?: string;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly indicators: readonly string[];
  readonly rules: readonly string[];
  readonly mapping: readonly string[];
  readonly keylog: readonly string[];
  readonly failOn?: Severity;
  readonly all?: boolean;
}

const examples = `Examples:
  vakthund investigate samples/intrusion              a folder of logs, any supported kinds
  vakthund investigate day.tar.gz --case ./case-42    an archive, into a case of its own
  zcat eve.json.gz | vakthund investigate -           standard input
  vakthund investigate logs --since 7d --fail-on high --json
  vakthund investigate logs --html report.html        and a report to hand on
`;

function collect(value: string, before: readonly string[]): string[] {
  return [...before, ...value.split(',').map((part) => part.trim())];
}

export const command = defineCommand({
  id: 'investigate',
  summary: 'read evidence, run every detector, tell the incidents',
  define(command, run) {
    command
      .argument('[evidence...]', 'files, folders, archives, or - for standard input; none judges the case anew')
      .option('--since <time>', 'look at events from then on (ISO time, day, or 24h, 7d)')
      .option('--until <time>', 'look at events before then')
      .option('--only <ids>', 'run only these detectors (repeatable, or by commas)', collect, [])
      .option('--skip <ids>', 'leave these detectors out', collect, [])
      .option('--indicators <files>', 'threat-intelligence lists to match', collect, [])
      .option('--rules <files>', 'Sigma or Falco rules to run beside the shipped ones: files or folders', collect, [])
      .option('--mapping <files>', 'files that say how logs of your own are read', collect, [])
      .option('--keylog <file>', 'TLS secrets (SSLKEYLOGFILE) to decrypt captures by (repeatable)', collect, [])
      .addOption(
        new Option('--fail-on <severity>', 'exit with 1 when a finding is at or over it').choices([...severities]),
      )
      .option('--all', 'print all findings, not only the most telling ones');
    addReportOptions(command)
      .addHelpText('before', examples)
      .action((evidence: string[]) =>
        run((terminal) => investigate(evidence, command.optsWithGlobals<Options>(), terminal)),
      );
  },
});

async function investigate(evidence: readonly string[], options: Options, terminal: Terminal): Promise<ExitCode> {
  const now = Date.now() * 1000;
  // A key log is evidence like any other: the ledger tells by which one a capture was decrypted.
  const paths = options.keylog.map(existing);
  for (const path of evidence) paths.push(path === '-' ? await spoolStdin(options.case, terminal) : existing(path));
  const request: InvestigateRequest = {
    paths,
    ...(options.since === undefined ? {} : { since: parseTimeArgument(options.since, now) }),
    ...(options.until === undefined ? {} : { until: parseTimeArgument(options.until, now) }),
    only: options.only,
    skip: options.skip,
    indicators: options.indicators.map(existing),
    rules: options.rules.map(existing),
    mappings: options.mapping.map(existing),
  };
  const progress = createProgress(terminal);
  const verdict = await withCase(options, terminal, async (service) => {
    try {
      return await service.investigate(request, { signal: terminal.signal, onProgress: (step) => progress.show(step) });
    } finally {
      progress.end();
    }
  });
  const { printVerdict } = await import('../../print-verdict.ts');
  const failOn = options.failOn === undefined ? {} : { failOn: options.failOn };
  const report = printVerdict(verdict, options, terminal, { showAll: options.all === true, ...failOn });
  noteOthers(verdict, paths, terminal);
  return options.failOn !== undefined && countAtOrOver(report, options.failOn) > 0 ? 1 : 0;
}

function existing(path: string): string {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    throw new VakthundError('NOT_FOUND', `there is no file or folder "${path}"`);
  }
  return resolve(path);
}

/** A verdict covers the whole case: say so when it holds more than what was named now. */
function noteOthers(verdict: Verdict, paths: readonly string[], terminal: Terminal): void {
  if (paths.length === 0 || terminal.quiet) return;
  const others = verdict.evidence.filter(
    (row) =>
      !paths.some((path) => row.path === path || row.path.startsWith(`${path}/`) || row.path.startsWith(`${path}!`)),
  );
  if (others.length === 0) return;
  terminal.talk(
    `note: the case already held ${others.length} other logs, and this verdict covers them too; give --case DIR for a case of its own\n`,
  );
}
