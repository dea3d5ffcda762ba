import { canonicalIp } from '../../../base/ip.ts';
import { createLocalNetworks } from '../../../base/networks.ts';
import type { Severity } from '../../../events/finding.ts';
import { countAtOrOver } from '../../exit-code.ts';
import type { Report } from '../../report-schema.ts';
import { notCheckedTexts } from './blind-spots.ts';
import { paintSeverity } from '../../paint-severity.ts';
import { visibleText } from '../../visible-text.ts';
import { counted, formatCount } from '../../words.ts';
import type { View } from './view.ts';
import { hangCommand } from '../../text/command.ts';
import { hang, wrap } from '../../text/wrap.ts';

/** Incidents in the list at the end. */
const maxInShort = 20;

const networks = createLocalNetworks();

/** A case without findings is never called clean: it says what was not seen. */
export function nothingFound(report: Report, view: View): string[] {
  if (report.findings.length > 0) return [];
  const unseen = notCheckedTexts(worthTelling(report, view), view.showAll);
  const none = (report.suppressed ?? []).length > 0 ? 'No finding beside the suppressed ones.' : 'No finding.';
  if (unseen.length === 0) {
    const seen = view.isInspection ? 'What the checks do not cover was not seen.' : seenText(report);
    return [...wrap(`${none} ${seen}`, view.width), ''];
  }
  if (unseen.length === 1) return [...wrap(`${none} Not checked: ${unseen[0] ?? ''}.`, view.width), ''];
  return [...wrap(`${none} Not checked:`, view.width), ...unseen.flatMap((text) => hang('  ', text, view.width)), ''];
}

/** Where no event was read, that is the news: what each detector would have needed is told with `--all`. */
function worthTelling(report: Report, view: View): Report {
  const other = report.not_checked.filter(({ what }) => !/^(analytics|rules)\//.test(what));
  const isEmpty = report.span === null && !view.isInspection;
  if (view.showAll || !isEmpty || report.not_checked.length - other.length < 2) return report;
  const detectors = { what: 'all detectors', why: 'no event was read that they could judge' };
  return { ...report, not_checked: [...other, detectors] };
}

function seenText({ span }: Report): string {
  return span === null ? 'Nothing was read.' : 'What the sensors did not record was not seen.';
}

/** Where there are several incidents their heads stand again at the end: that is what a terminal shows when the report has run through. */
export function inShort({ incidents }: Report, view: View): string[] {
  if (incidents.length < 2) return [];
  const shown = view.showAll ? incidents : incidents.slice(0, maxInShort);
  const hidden = incidents.length - shown.length;
  return [
    view.colors.bold('In short'),
    ...shown.flatMap((incident) => {
      const mark = `${String(incident.risk).padStart(3)} ${incident.severity.toUpperCase().padEnd(8)}`;
      const [first = mark, ...more] = hang(`${mark}  `, `${visibleText(incident.title)}, ${incident.id}`, view.width);
      return [`${paintSeverity(view.colors, incident.severity, mark)}${first.slice(mark.length)}`, ...more];
    }),
    ...(hidden === 0 ? [] : [`    and ${counted(hidden, 'more incident')}`]),
    '',
  ];
}

/** What the exit code means, and a command to go on with. */
export function closing(report: Report, view: View, failOn: Severity | undefined): string[] {
  return [
    ...wrap(exitText(report, failOn), view.width),
    ...hangCommand('Next: ', nextCommand(report, view), view.width),
  ];
}

function exitText(report: Report, failOn: Severity | undefined): string {
  if (failOn === undefined) return 'Exit 0: done. With --fail-on SEVERITY, findings at or over it give exit 1.';
  const count = countAtOrOver(report, failOn);
  if (count === 0) return `Exit 0: no finding or incident at or over ${failOn}.`;
  const what = count === 1 ? '1 finding or incident' : `${formatCount(count)} findings or incidents`;
  return `Exit 1: ${what} at or over ${failOn}.`;
}

/** Only a well-formed address is put into a command: names come from evidence and could carry anything. */
function nextCommand(report: Report, view: View): string {
  const [worst] = report.incidents;
  const far = worst?.entities.filter(({ kind }) => kind === 'address').flatMap(({ value }) => canonicalIp(value) ?? []);
  const outside = far?.find((ip) => !networks.isLocal(ip));
  if (outside !== undefined) {
    return `vakthund hunt${view.caseOption} "SELECT DISTINCT source_ip FROM flow WHERE destination_ip = '${outside}'"`;
  }
  if (report.findings.length > 0 && view.isInspection) return 'the same command with --all';
  if (report.findings.length > 0) return `vakthund report${view.caseOption} --all`;
  return `vakthund ${report.evidence.length === 0 ? `investigate${view.caseOption} EVIDENCE` : `doctor${view.caseOption}`}`;
}
