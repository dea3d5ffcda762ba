import { parseIsoMicros } from '../../../base/time.ts';
import { severities, severityRank, type Severity } from '../../../events/finding.ts';
import type { Report, ReportFinding } from '../../report-schema.ts';
import { html, nothing, type Markup } from './markup.ts';
import { round } from './round.ts';

const width = 1000;
const left = 70;
const laneHeight = 26;
const axisHeight = 24;
/** Marks of a lane: more lie on each other. */
const maxMarks = 400;

/** All findings over the time that the evidence covers, a lane for each severity: the length is how long it went on. */
export function timeline(report: Report): Markup {
  if (report.span === null || report.findings.length === 0) return nothing;
  const from = parseIsoMicros(report.span.first_seen) ?? 0;
  const to = Math.max(from + 1, parseIsoMicros(report.span.last_seen) ?? 0);
  const lanes = severities.toReversed().filter((severity) => report.findings.some((one) => one.severity === severity));
  const height = lanes.length * laneHeight + axisHeight;
  const xOf = (iso: string): number => {
    const share = ((parseIsoMicros(iso) ?? from) - from) / (to - from);
    return round(left + Math.min(1, Math.max(0, share)) * (width - left - 8));
  };
  const marks = (severity: Severity, lane: number): Markup[] =>
    report.findings
      .filter((finding) => finding.severity === severity)
      .slice(0, maxMarks)
      .map((finding) => mark(finding, xOf, lane * laneHeight + 6));
  return html`<section aria-labelledby="when">
    <h2 id="when">When</h2>
    <div class="wide" tabindex="0">
      <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${summary(report.findings)}">
        ${lanes.map(
          (severity, lane) =>
            html`<g class="${severity}"
              ><text class="strong" x="0" y="${lane * laneHeight + 18}">${severity}</text>
              <line
                class="axis"
                x1="${left}"
                y1="${(lane + 1) * laneHeight}"
                x2="${width}"
                y2="${(lane + 1) * laneHeight}"
              />
              ${marks(severity, lane)}</g
            >`,
        )}
        <text x="${left}" y="${height - 6}">${minute(report.span.first_seen)}</text>
        <text x="${width}" y="${height - 6}" text-anchor="end">${minute(report.span.last_seen)} UTC</text>
      </svg>
    </div>
  </section>`;
}

function mark(finding: ReportFinding, xOf: (iso: string) => number, y: number): Markup {
  const x = xOf(finding.first_seen);
  const length = Math.max(4, xOf(finding.last_seen) - x);
  return html`<rect
    class="mark"
    fill-opacity="0.7"
    x="${x}"
    y="${y}"
    width="${round(length)}"
    height="${laneHeight - 12}"
    rx="2"
    ><title>${finding.title} (${minute(finding.first_seen)} to ${minute(finding.last_seen)})</title></rect
  >`;
}

function summary(findings: readonly ReportFinding[]): string {
  const worst = [...findings].sort((a, b) => severityRank(b.severity) - severityRank(a.severity))[0];
  return worst === undefined ? 'no findings' : `${findings.length} findings over time; the most severe: ${worst.title}`;
}

function minute(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ');
}
