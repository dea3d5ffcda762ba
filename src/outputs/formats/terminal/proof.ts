import type { ReportFinding } from '../../report-schema.ts';
import { visibleText } from '../../visible-text.ts';
import { shortPath, type View } from './view.ts';
import { placeOf } from '../../words.ts';

const maxReasons = 6;
const maxPlaces = 4;

/** `interval regularity: 0.98 (+0.25); …`: the weightiest reasons first, facts after. Empty when there are none. */
export function reasonLine(finding: ReportFinding): string {
  const weightOf = ({ weight }: ReportFinding['reasons'][number]): number => Math.abs(weight ?? 0);
  const sorted = [...finding.reasons].sort((a, b) => weightOf(b) - weightOf(a)).filter(isFresh);
  const told = sorted.slice(0, maxReasons).map(({ what, value, weight }) => {
    const share = weight === undefined ? '' : ` (${weight < 0 ? '' : '+'}${Math.round(weight * 100) / 100})`;
    return `${visibleText(what, 60)}: ${visibleText(value, 160)}${share}`;
  });
  return told.join('; ') + more(sorted.length - told.length);
}

/** A fact whose value a reason before it has shown says nothing more. */
function isFresh(reason: ReportFinding['reasons'][number], at: number, all: ReportFinding['reasons']): boolean {
  return reason.weight !== undefined || all.findIndex(({ value }) => value === reason.value) === at;
}

/** `zeek/conn.log:1204, zeek/conn.log:9999`: every path with the line, record or packet in it. */
export function whereLine(finding: ReportFinding, view: View): string {
  const shown = finding.evidence.slice(0, maxPlaces);
  const places = shown.map(({ path, at }) => placeOf({ path: visibleText(shortPath(path, view), 200), at }));
  return places.join(', ') + more(finding.evidence.length - places.length);
}

function more(hidden: number): string {
  return hidden > 0 ? ` and ${hidden} more` : '';
}
