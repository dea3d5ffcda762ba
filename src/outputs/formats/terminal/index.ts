import colors from 'picocolors';
import { caseOption } from '../../text/command.ts';
import { defineOutput, type OutputOptions } from '../../output.ts';
import type { Report } from '../../report-schema.ts';
import { blindSpots } from './blind-spots.ts';
import { closing, inShort, nothingFound } from './closing.ts';
import { header } from './header.ts';
import { incidents } from './incidents.ts';
import { looseFindings } from './loose-findings.ts';
import { suppressedFindings } from './suppressed.ts';
import { commonFolder, isInspection, type View } from './view.ts';

/** Narrower terminals are not drawn for; wider ones make lines that no eye follows. */
const narrowest = 40;
const widest = 200;

export const output = defineOutput({
  id: 'terminal',
  title: 'Terminal',
  description:
    'For people: ranked incidents with story, reasons, places of proof and what to do; findings in no incident; problems; what was not checked. Shows the most telling of each unless asked for all.',
  references: ['https://no-color.org', 'https://clig.dev'],
  mediaType: 'text/plain',
  render: (report, options) => renderTerminal(report, options),
});

function* renderTerminal(report: Report, options: OutputOptions): Generator<string> {
  const view: View = {
    width: Math.min(Math.max(Math.floor(options.width) || narrowest, narrowest), widest),
    showAll: options.showAll,
    colors: colors.createColors(options.color),
    folder: commonFolder(report),
    isInspection: isInspection(report),
    caseOption: isInspection(report) ? '' : caseOption(report.case),
  };
  for (const lines of sections(report, view, options)) yield lines.map((line) => `${line}\n`).join('');
}

function* sections(report: Report, view: View, options: OutputOptions): Generator<readonly string[]> {
  yield header(report, view);
  yield* incidents(report, view);
  yield* looseFindings(report, view);
  yield nothingFound(report, view);
  yield suppressedFindings(report, view);
  yield blindSpots(report, view);
  yield inShort(report, view);
  yield closing(report, view, options.failOn);
}
