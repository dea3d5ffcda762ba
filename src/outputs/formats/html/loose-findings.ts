import type { Report } from '../../report-schema.ts';
import { counted } from '../../words.ts';
import { findingDetails } from './finding.ts';
import { html, nothing, type Markup } from './markup.ts';

/** Drawn one by one; past these a list is what the other formats are for. */
const maxFindings = 500;

/** Findings that are in no incident, the most severe first. */
export function looseFindings(report: Report): Markup {
  const inside = new Set(report.incidents.flatMap((incident) => incident.findings));
  const loose = report.findings.filter((finding) => !inside.has(finding.id));
  if (loose.length === 0) return nothing;
  const hidden = loose.length - maxFindings;
  return html`<section>
    <h2>${counted(loose.length, 'finding')} in no incident</h2>
    ${loose.slice(0, maxFindings).map((finding) => findingDetails(finding))}
    ${hidden > 0 ? html`<p>${counted(hidden, 'more finding')}, none more severe: the JSON report has all.</p>` : nothing}
  </section>`;
}
