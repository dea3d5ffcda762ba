import { quote } from '../../../../base/problem.ts';
import { typedTexts } from '../../composite.ts';
import { defineIndicatorFormat } from '../../format.ts';
import { guessDelimiter, splitRow } from '../../reading/delimited.ts';
import { EntryBatch, joined, parseConfidence, parseListTime, type EntryDetails } from '../../reading/entries.ts';
import { contentLines, looksLikeJson } from '../../reading/peek.ts';
import { readRows, type Row } from '../../reading/rows.ts';
import { planFromHeader, planFromRow, type ColumnPlan } from './columns.ts';

export const format = defineIndicatorFormat({
  id: 'csv',
  title: 'Table (CSV, TSV)',
  description:
    'Rows delimited by comma, semicolon, tab or bar. Columns are found by the names that lists use (indicator, ioc, value, type, ip, domain, url, md5 …, confidence, expires, description); without a header the first cell that is an indicator by its shape counts.',
  references: ['https://www.rfc-editor.org/rfc/rfc4180', 'https://www.misp-project.org/openapi/'],
  detect(_name, head) {
    if (head.includes('\0') || looksLikeJson(head)) return 0;
    const lines = contentLines(head, 20);
    const rows = lines.map((line) => splitRow(line, guessDelimiter(lines[0] ?? '')) ?? []);
    const [first] = rows;
    if (first === undefined || first.length < 2) return 0;
    if (planFromHeader(first) !== undefined) return 2;
    const isEven = rows.every((row) => row.length === first.length);
    return isEven && planFromRow(first) !== undefined ? 1 : 0;
  },
  async *parse(content) {
    let plan: ColumnPlan | undefined;
    for await (const { rows, problems } of readRows(content)) {
      const batch = new EntryBatch(problems);
      for (const row of rows) {
        if (row.isComment) continue;
        if (plan === undefined) {
          plan = planFromHeader(row.cells);
          if (plan !== undefined) continue;
          plan = planFromRow(row.cells);
        }
        if (plan === undefined) {
          batch.problem(
            'bad-record',
            { line: row.line },
            'a row before any header holds no indicator; it was left out',
          );
        } else addRow(batch, row, plan);
      }
      yield batch;
    }
  },
});

function addRow(batch: EntryBatch, row: Row, plan: ColumnPlan): void {
  const cell = (place: number | undefined): string => (place === undefined ? '' : (row.cells[place] ?? ''));
  if (/^(?:0|false|no)$/i.test(cell(plan.toIds))) return;
  const at = { line: row.line };
  const details = detailsOf(cell, plan);
  const type = cell(plan.type);
  let found = 0;
  for (const { place, kind } of plan.values) {
    const text = cell(place);
    if (text === '') continue;
    found++;
    if (kind !== undefined) {
      batch.add(kind, text, at, details);
      continue;
    }
    if (type === '') {
      batch.add(undefined, text, at, details);
      continue;
    }
    const parts = typedTexts(type, text);
    if (parts.length === 0) batch.problem('unsupported', at, `entries of type ${quote(type)} are not matched`);
    for (const part of parts) batch.add(part.kind, part.text, at, details);
  }
  if (found === 0) batch.problem('bad-record', at, 'a row has no value');
}

function detailsOf(cell: (place: number | undefined) => string, plan: ColumnPlan): EntryDetails {
  return {
    description: joined(plan.descriptions.map(cell)),
    confidence: parseConfidence(cell(plan.confidence)),
    expires_at: parseListTime(cell(plan.expires)),
  };
}
