import { createHash } from 'node:crypto';
import { Option, type Command } from 'commander';
import type { InspectedFile, InspectionRequest, Verdict } from '../case/service.ts';
import { severities, type Severity } from '../events/finding.ts';
import type { Inspection } from '../inspect/claim.ts';
import type { FileTree } from '../inspect/tree/tree.ts';
import { countAtOrOver } from '../outputs/exit-code.ts';
import type { ExitCode } from './command.ts';
import { withCase, type GlobalOptions } from './context.ts';
import { createProgress } from './progress.ts';
import { addReportOptions, type ReportFiles } from './report-files.ts';
import type { Terminal } from './terminal.ts';

export interface InspectionOptions extends GlobalOptions, ReportFiles {
  readonly failOn?: Severity;
  readonly all?: boolean;
  readonly join?: boolean;
}

/** Options that every command has which inspects something and tells a verdict. */
export function addInspectionOptions(command: Command): Command {
  return addReportOptions(addJudgingOptions(command));
}

/** The same without how it is printed. */
export function addJudgingOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 when a finding is at or over it').choices([...severities]),
    )
    .option('--all', 'print all findings, not only the most telling ones')
    .option('--join', 'keep the findings in the case, and judge them together with everything that it holds');
}

/**
 * Prints the verdict over an inspection: by itself, or with `--join` over the whole case. `files` are what its claims point at, or
 * the tree in which their paths lead.
 */
export async function printInspection(
  inspection: Inspection,
  options: InspectionOptions,
  terminal: Terminal,
  files: FileTree | readonly InspectedFile[] = [],
): Promise<ExitCode> {
  const request: InspectionRequest = {
    inspection,
    files: 'stat' in files ? hashedFiles(inspection, files) : files,
  };
  const { judgeInspection } = await import('../case/inspection.ts');
  const verdict =
    options.join === true ? await joined(request, options, terminal) : judgeInspection(request, Date.now() * 1000);
  const { printVerdict } = await import('./print-verdict.ts');
  const failOn = options.failOn === undefined ? {} : { failOn: options.failOn };
  const report = printVerdict(verdict, options, terminal, { showAll: options.all === true, ...failOn });
  return options.failOn !== undefined && countAtOrOver(report, options.failOn) > 0 ? 1 : 0;
}

async function joined(request: InspectionRequest, options: InspectionOptions, terminal: Terminal): Promise<Verdict> {
  const progress = createProgress(terminal);
  return withCase(options, terminal, async (service) => {
    try {
      return await service.join(request, { signal: terminal.signal, onProgress: (step) => progress.show(step) });
    } finally {
      progress.end();
    }
  });
}

/** Files larger than that are pointed at without a hash. */
const maxHashedBytes = 2 ** 26;

/** Hashes of the regular files that claims point at. */
function hashedFiles({ claims }: Inspection, tree: FileTree): InspectedFile[] {
  const files: InspectedFile[] = [];
  for (const [path, inTree] of new Map(claims.map((claim) => [claim.path, claim.key ?? claim.path]))) {
    const entry = inTree.startsWith('/') ? tree.stat(inTree) : undefined;
    if (entry?.type !== 'file' || entry.size > maxHashedBytes) continue;
    const content = tree.read(inTree);
    if (content === undefined) continue;
    files.push({ path, sha256: createHash('sha256').update(content).digest('hex'), size: content.length });
  }
  return files;
}
