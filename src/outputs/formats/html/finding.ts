import type { ReportFinding } from '../../report-schema.ts';
import { counted, formatSpan, placeOf } from '../../words.ts';
import { barChart } from './chart.ts';
import { visibleText } from '../../visible-text.ts';
import { html, nothing, type Markup } from './markup.ts';

/**
 * One finding, closed until somebody wants to know: charts, the parts of its score, where the proof stands. The id is on
 * what is inside, because a browser that goes to a place inside opens what is closed around it.
 */
export function findingDetails(finding: ReportFinding, isOpen = false): Markup {
  return html`<details class="${finding.severity}" ${isOpen ? openMark : nothing}>
    <summary><span class="severity">${finding.severity}</span> ${visibleText(finding.title)}</summary>
    <div id="${finding.id}">
      <p class="soft">
        ${formatSpan(finding.first_seen, finding.last_seen)}, ${counted(finding.count, 'event')}, score
        ${finding.score.toFixed(2)}, <code>${finding.detector}</code>${techniques(finding)}
      </p>
      ${charts(finding)} ${reasons(finding)}
      <p><b>Look at next:</b> ${finding.next}</p>
      <p><b>It would vanish if:</b> ${finding.vanishes}.</p>
      ${proof(finding)}
    </div>
  </details>`;
}

const openMark = html` open`;

function techniques({ attack }: ReportFinding): string {
  return attack.length === 0 ? '' : `, ATT&CK ${attack.join(', ')}`;
}

function charts({ series }: ReportFinding): Markup {
  if (series === undefined || series.length === 0) return nothing;
  return html`<div class="charts">${series.map(barChart)}</div>`;
}

function reasons({ reasons: parts }: ReportFinding): Markup {
  if (parts.length === 0) return nothing;
  const rows = [...parts].sort((a, b) => Math.abs(b.weight ?? 0) - Math.abs(a.weight ?? 0));
  return html`<table>
    <thead>
      <tr>
        <th>what</th>
        <th>value</th>
        <th class="number">share of the score</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ what, value, weight }) =>
          html`<tr>
            <td>${what}</td>
            <td>${value}</td>
            <td class="number">${weight === undefined ? '' : weight.toFixed(2)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function proof({ evidence }: ReportFinding): Markup {
  if (evidence.length === 0) return nothing;
  return html`<p><b>Proof:</b></p>
    <ul>
      ${evidence.map((place) => html`<li class="place">${placeOf(place)}</li>`)}
    </ul>`;
}
