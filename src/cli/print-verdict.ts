import { relative } from 'node:path';
import type { Verdict } from '../case/service.ts';
import type { Severity } from '../events/finding.ts';
import type { Output } from '../outputs/output.ts';
import { outputs } from '../outputs/formats/registry.generated.ts';
import { buildReport } from '../outputs/report.ts';
import type { Report } from '../outputs/report-schema.ts';
import type { Terminal } from './terminal.ts';

/** Writes a verdict as text for people, or with `--json` as the documented object. Returns the report that was written. */
export function printVerdict(
  verdict: Verdict,
  terminal: Terminal,
  options: { readonly showAll: boolean; readonly failOn?: Severity },
): Report {
  const report = buildReport(withShortPaths(verdict, process.cwd()));
  const output: Output = terminal.json ? outputs.json : outputs.terminal;
  for (const text of output.render(report, { ...options, width: terminal.width, color: terminal.color })) {
    terminal.out(text);
  }
  return report;
}

/** Paths as their user would type them: below the current folder without it, everything else whole. */
function withShortPaths(verdict: Verdict, folder: string): Verdict {
  const short = (path: string): string => {
    const below = relative(folder, path);
    return below !== '' && !below.startsWith('..') ? below : path;
  };
  return {
    ...verdict,
    caseFolder: short(verdict.caseFolder),
    evidence: verdict.evidence.map((row) => ({ ...row, path: short(row.path) })),
    problems: verdict.problems.map((problem) =>
      problem.at.path === undefined ? problem : { ...problem, at: { ...problem.at, path: short(problem.at.path) } },
    ),
    notChecked: verdict.notChecked.map(({ what, why }) => ({ what: what.startsWith('/') ? short(what) : what, why })),
  };
}
