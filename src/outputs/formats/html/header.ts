import { severities } from '../../../events/finding.ts';
import type { Report } from '../../report-schema.ts';
import { partText } from '../../look-back.ts';
import { counted, formatCount, formatSpan } from '../../words.ts';
import { visibleText } from '../../visible-text.ts';
import { html, nothing, type Markup } from './markup.ts';

/** The verdict in one sentence, and how much it stands on. */
export function header(report: Report): Markup {
  const events = report.evidence.flatMap((row) => Object.values(row.events)).reduce((sum, count) => sum + count, 0);
  const unread = report.evidence.filter((row) => row.source === null || !row.is_complete).length;
  const cards: readonly (readonly [value: string, label: string])[] = [
    [formatCount(report.incidents.length), report.incidents.length === 1 ? 'incident' : 'incidents'],
    [formatCount(report.findings.length), report.findings.length === 1 ? 'finding' : 'findings'],
    [formatCount(events), 'events'],
    [formatCount(report.evidence.length), unread === 0 ? 'logs, all read' : `logs, ${unread} not or not wholly read`],
    [formatCount(report.problems.length), report.problems.length === 1 ? 'problem in reading' : 'problems in reading'],
    [formatCount(report.not_checked.length), 'not checked'],
  ];
  const span =
    report.span === null ? nothing : html`<p>${formatSpan(report.span.first_seen, report.span.last_seen)}</p>`;
  return html`<header>
    <p class="soft">Vakthund, case <code>${report.case}</code></p>
    <h1>${verdict(report)}</h1>
    ${span} ${report.part === undefined ? nothing : html`<p>${partText(report)}.</p>`}
    <div class="cards">${cards.map(([value, label]) => html`<div class="card"><b>${value}</b>${label}</div>`)}</div>
  </header>`;
}

/** A case without findings is never called clean. */
function verdict({ incidents, findings, evidence }: Report): string {
  const [worst] = incidents;
  if (worst !== undefined) {
    const counts = severities
      .toReversed()
      .map((severity) => ({ severity, count: incidents.filter((incident) => incident.severity === severity).length }))
      .filter(({ count }) => count > 0)
      .map(({ severity, count }) => `${count} ${severity}`);
    return `${counted(incidents.length, 'incident')} (${counts.join(', ')}). First: ${visibleText(worst.title)}`;
  }
  if (findings.length > 0) return `No incident, ${counted(findings.length, 'finding')} to look at`;
  return evidence.length === 0 ? 'Nothing was read' : 'No finding in what was seen: below stands what was not';
}
