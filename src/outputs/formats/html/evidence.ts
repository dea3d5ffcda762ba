import { formatBytes } from '../../../base/bytes.ts';
import type { Report } from '../../report-schema.ts';
import { counted, formatCount } from '../../words.ts';
import { html, nothing, type Markup } from './markup.ts';

/** Everything that was given, with the digest that says it is the same. */
export function evidence(report: Report): Markup {
  if (report.evidence.length === 0) return nothing;
  return html`<section>
    <h2>Evidence</h2>
    <p class="soft">
      ${report.ran === undefined ? nothing : html`${counted(report.ran.length, 'detector')} ran: ${report.ran.join(', ')}`}
    </p>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>path</th>
            <th>read as</th>
            <th class="number">size</th>
            <th>events</th>
            <th class="number">problems</th>
            <th>SHA-256</th>
          </tr>
        </thead>
        <tbody>
          ${report.evidence.map(row)}
        </tbody>
      </table>
    </div>
  </section>`;
}

function row({
  path,
  source,
  size,
  events,
  problems,
  sha256,
  is_complete: isComplete,
}: Report['evidence'][number]): Markup {
  const kinds = Object.entries(events).map(([kind, count]) => `${formatCount(count)} ${kind}`);
  const readAs = source === null ? 'not read: no source knows it' : `${source}${isComplete ? '' : ', not to its end'}`;
  return html`<tr>
    <td class="place">${path}</td>
    <td>${readAs}</td>
    <td class="number">${formatBytes(size)}</td>
    <td>${kinds.join(', ')}</td>
    <td class="number">${formatCount(problems)}</td>
    <td class="place">${sha256}</td>
  </tr>`;
}
