import type { Report } from '../../report-schema.ts';
import { visibleText } from '../../visible-text.ts';
import { counted } from '../../words.ts';
import type { View } from './view.ts';
import { hang } from '../../text/wrap.ts';

/** What was found and is not told: a line for each suppression that covered something, with who said so. */
export function suppressedFindings(report: Report, view: View): string[] {
  const byId = Map.groupBy(report.suppressed ?? [], ({ by }) => by);
  if (byId.size === 0) return [];
  const lines = [view.colors.bold('Suppressed')];
  for (const [id, entries] of byId) {
    const [first] = entries;
    if (first === undefined) continue;
    const until = first.expires === null ? 'without end' : `until ${first.expires}`;
    const titles = view.showAll ? `: ${entries.map(({ title }) => visibleText(title, 120)).join('; ')}` : '';
    const text = `${id} (${visibleText(first.author, 60)}, ${until}): ${visibleText(first.reason)}; ${counted(entries.length, 'finding')}${graveText(entries)}${titles}`;
    lines.push(...hang('  ', text, view.width));
  }
  return [...lines, ''];
}

/** What is grave must not be hidden in a number. */
function graveText(entries: NonNullable<Report['suppressed']>): string {
  const grave = (['critical', 'high'] as const).flatMap((severity) => {
    const count = entries.filter((entry) => entry.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return grave.length === 0 ? '' : ` (${grave.join(', ')})`;
}
