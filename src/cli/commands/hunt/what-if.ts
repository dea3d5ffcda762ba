import { formatIso } from '../../../base/time.ts';
import type { WhatIf } from '../../../case/service.ts';
import { visibleJson, visibleText } from '../../../outputs/visible-text.ts';
import { counted } from '../../../outputs/words.ts';
import type { ExitCode } from '../../command.ts';
import { settingsFilesOf, withCase, type GlobalOptions } from '../../context.ts';
import { parseTimeArgument } from '../../parse-time.ts';
import { createProgress } from '../../progress.ts';
import type { Terminal } from '../../terminal.ts';
import { compareJudgements, type Difference, type Differences } from './compare-judgements.ts';
import { readChange } from './what-if-file.ts';

/** Lines of a list that are printed; `--all` prints all. */
const maxLines = 20;

export interface WhatIfOptions extends GlobalOptions {
  readonly since?: string;
  readonly all?: boolean;
}

/** Judges the stored events as they are judged now and as they would be, and prints the difference. Nothing is stored. */
export async function printWhatIf(
  paths: readonly string[],
  options: WhatIfOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const change = await readChange(paths, settingsFilesOf(options));
  const since = options.since === undefined ? undefined : parseTimeArgument(options.since, Date.now() * 1000);
  const progress = createProgress(terminal);
  const result = await withCase(options, terminal, async (service) => {
    try {
      const request = { ...change, ...(since === undefined ? {} : { since }) };
      return await service.whatIf(request, { signal: terminal.signal, onProgress: (step) => progress.show(step) });
    } finally {
      progress.end();
    }
  });
  const differences = compareJudgements(result);
  if (terminal.json) terminal.out(jsonOf(result, differences, since, options));
  else terminal.out(textOf(result, differences, options.all === true));
  return 0;
}

function jsonOf(result: WhatIf, differences: Differences, since: number | undefined, options: WhatIfOptions): string {
  const told = ({ findings, incidents, suppressed }: WhatIf['before']): object => ({
    findings: findings.length,
    incidents: incidents.length,
    suppressed: suppressed.length,
  });
  return `${visibleJson(
    JSON.stringify(
      {
        schema: 'vakthund.what-if/1',
        case: options.case,
        since: since === undefined ? null : formatIso(since),
        before: told(result.before),
        after: told(result.after),
        ...differences,
      },
      undefined,
      1,
    ),
  )}\n`;
}

function textOf({ before, after }: WhatIf, { findings, incidents }: Differences, isAll: boolean): string {
  const totals = (noun: string, was: number, is: number): string => `${counted(was, noun)} before, ${is} after`;
  return [
    totals('incident', before.incidents.length, after.incidents.length),
    ...lines(incidents, isAll),
    totals('finding', before.findings.length, after.findings.length),
    ...lines(findings, isAll),
    'Nothing was stored.',
    '',
  ].join('\n');
}

function lines(differences: readonly Difference[], isAll: boolean): string[] {
  if (differences.length === 0) return ['  the same as before'];
  const shown = isAll ? differences : differences.slice(0, maxLines);
  const hidden = differences.length - shown.length;
  return [...shown.map(line), ...(hidden === 0 ? [] : [`  and ${hidden} more: --all shows them`])];
}

function line({ change, title, before, after, silencedBy }: Difference): string {
  const strength = [before, after].flatMap((one) => {
    if (one === undefined) return [];
    const size = one.findings === undefined ? '' : ` of ${counted(one.findings, 'finding')}`;
    return [`${one.severity} ${one.value}${size}`];
  });
  const why = silencedBy === undefined ? '' : ` (silenced by ${visibleText(silencedBy, 120)})`;
  return `  ${change.padEnd(7)}  ${strength.join(' to ')}  ${visibleText(title, 160)}${why}`;
}
