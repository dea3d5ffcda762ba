import { severityRank } from '../../../events/finding.ts';
import type { Report, ReportFinding, ReportIncident } from '../../report-schema.ts';
import { formatSpan } from '../../words.ts';
import { findingDetails } from './finding.ts';
import { entityGraph } from './graph.ts';
import { visibleText } from '../../visible-text.ts';
import { html, nothing, type Markup } from './markup.ts';
import { round } from './round.ts';

/** Highest risk first, as the report has them. */
export function* incidents(report: Report): Generator<Markup> {
  if (report.incidents.length === 0) return;
  const byId = new Map(report.findings.map((finding) => [finding.id, finding]));
  yield html`<h2>${report.incidents.length === 1 ? 'The incident' : 'Incidents, highest risk first'}</h2>`;
  for (const incident of report.incidents) yield article(incident, byId);
}

function article(incident: ReportIncident, byId: ReadonlyMap<string, ReportFinding>): Markup {
  const findings = incident.findings
    .flatMap((id) => byId.get(id) ?? [])
    .sort((a, b) => severityRank(b.severity) - severityRank(a.severity) || b.score - a.score);
  return html`<article class="incident ${incident.severity}" id="${incident.id}">
    <p class="severity">${incident.severity}, risk ${incident.risk} of 100</p>
    <h3>${visibleText(incident.title)}</h3>
    <p class="soft">
      ${formatSpan(incident.first_seen, incident.last_seen)}, <code>${incident.id}</code>${techniques(incident)}
    </p>
    <ul class="chips">
      ${incident.entities.map(
        ({ kind, value, about }) =>
          html`<li>
            <small>${kind}</small> ${visibleText(value)}${about === undefined ? '' : html` <small>${about}</small>`}
          </li>`,
      )}
    </ul>
    ${todo(incident)}
    <h4>What happened, UTC</h4>
    <ol class="story">
      ${incident.story.map(({ time, text, finding }) => html`<li><time datetime="${time}">${time.slice(0, 19).replace('T', ' ')}</time>${text} <a href="#${finding}" aria-label="proof of: ${text}">proof</a></li>`)}
    </ol>
    ${entityGraph(findings)}
    <h4>Why the risk is ${incident.risk}</h4>
    ${risk(incident)}
    <h4>Proof: the findings, strongest first</h4>
    ${findings.map((finding) => findingDetails(finding, finding.series !== undefined))}
  </article>`;
}

function techniques({ attack }: ReportIncident): string {
  return attack.length === 0 ? '' : `, ATT&CK ${attack.join(', ')}`;
}

function todo({ next }: ReportIncident): Markup {
  if (next.length === 0) return nothing;
  return html`<h4>What to do</h4>
    <ol class="todo">
      ${next.map((step) => html`<li>${step}</li>`)}
    </ol>`;
}

/** The parts of the risk, as a meter of 100 points and in words. */
function risk({ risk_parts: parts }: ReportIncident): Markup {
  const adding = parts.filter(({ points }) => points > 0);
  const share =
    100 /
    Math.max(
      100,
      adding.reduce((sum, { points }) => sum + points, 0),
    );
  return html`<div class="meter" aria-hidden="true">
      ${adding.map(({ points }) => html`<span style="width: ${round(points * share)}%"></span>`)}
    </div>
    <table>
      <thead>
        <tr>
          <th class="number">points</th>
          <th>for</th>
          <th>because</th>
        </tr>
      </thead>
      <tbody>
        ${parts.map(
          ({ what, value, points }) =>
            html`<tr>
              <td class="number">${points < 0 ? '' : '+'}${points.toFixed(1)}</td>
              <td>${what}</td>
              <td>${value}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
