import type { Report } from '../../report-schema.ts';
import { formatCount } from '../../words.ts';
import { html, nothing, type Markup } from './markup.ts';

const maxRows = 500;

/** What could not be read and what was not checked: no finding never means clean where nothing was seen. */
export function unseen({ problems, not_checked: notChecked, suppressed = [] }: Report): Markup {
  if (problems.length === 0 && notChecked.length === 0 && suppressed.length === 0) return nothing;
  return html`<section>
    <h2>What was not seen</h2>
    ${suppressedTable(suppressed)} ${problemTable(problems)} ${notCheckedTable(notChecked)}
  </section>`;
}

function suppressedTable(suppressed: NonNullable<Report['suppressed']>): Markup {
  if (suppressed.length === 0) return nothing;
  return html`<h4>Suppressed: found, and not told because somebody said so</h4>
    <table>
      <thead>
        <tr>
          <th>finding</th>
          <th>severity</th>
          <th>reason</th>
          <th>by</th>
          <th>until</th>
        </tr>
      </thead>
      <tbody>
        ${suppressed.slice(0, maxRows).map(
          ({ title, detector, severity, reason, author, by, expires }) =>
            html`<tr>
              <td>${title} (${detector})</td>
              <td>${severity}</td>
              <td>${reason}</td>
              <td>${author}, ${by}</td>
              <td>${expires ?? 'without end'}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}

function problemTable(problems: Report['problems']): Markup {
  if (problems.length === 0) return nothing;
  const hidden = problems.length - maxRows;
  return html`<h4>Problems in reading</h4>
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th>code</th>
            <th class="number">count</th>
            <th>where</th>
            <th>what, and a hint</th>
          </tr>
        </thead>
        <tbody>
          ${problems.slice(0, maxRows).map(
            ({ code, count, at, message, hint }) =>
              html`<tr>
                <td>${code}</td>
                <td class="number">${formatCount(count)}</td>
                <td class="place">${at}</td>
                <td>${message}${hint === null ? '' : `; ${hint}`}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${hidden > 0 ? html`<p>and ${formatCount(hidden)} more in the JSON report</p>` : nothing}`;
}

function notCheckedTable(notChecked: Report['not_checked']): Markup {
  if (notChecked.length === 0) return nothing;
  return html`<h4>Not checked</h4>
    <table>
      <thead>
        <tr>
          <th>what</th>
          <th>why</th>
        </tr>
      </thead>
      <tbody>
        ${notChecked.slice(0, maxRows).map(
          ({ what, why }) =>
            html`<tr>
              <td>${what}</td>
              <td>${why}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
}
