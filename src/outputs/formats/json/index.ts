import type { Report } from '../../report-schema.ts';
import { defineOutput } from '../../output.ts';
import { safeJson } from '../../safe-json.ts';

export const output = defineOutput({
  id: 'json',
  title: 'JSON',
  description:
    'The whole verdict as one object of schema `vakthund.report/1` (`schema/report.schema.json`), one record a line. Every format of a verdict says less.',
  references: ['https://www.rfc-editor.org/rfc/rfc8259'],
  mediaType: 'application/json',
  render: (report) => renderJson(report),
});

/** Lists are written record by record: the text is never whole in memory. */
function* renderJson(report: Report): Generator<string> {
  let lead = '{\n';
  for (const [key, value] of Object.entries(report)) {
    if (value === undefined) continue;
    yield `${lead}${JSON.stringify(key)}: `;
    lead = ',\n';
    if (Array.isArray(value)) yield* renderList(value);
    else yield safeJson(value);
  }
  yield '\n}\n';
}

function* renderList(values: readonly unknown[]): Generator<string> {
  if (values.length === 0) {
    yield '[]';
    return;
  }
  let lead = '[\n';
  for (const value of values) {
    yield `${lead}  ${safeJson(value)}`;
    lead = ',\n';
  }
  yield '\n]';
}
