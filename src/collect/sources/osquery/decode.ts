import { quote, type ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import type { JsonDecoder } from '../../json-lines.ts';
import type { JsonObject } from '../../json-value.ts';
import { isObject } from '../../mapping/paths.ts';
import { shapedEvent } from '../../shaped-records.ts';
import { shapeOfRow } from './shape.ts';

export const decoder: JsonDecoder = {
  record(value, line, problems) {
    const rows = rowsOf(value);
    if (rows === undefined) {
      const message = `a record is no result of osquery: ${quote(JSON.stringify(value))}`;
      problems.add({ code: 'bad-record', at: { line }, message });
      return undefined;
    }
    return eventsOf(rows, line, problems);
  },
};

function eventsOf(rows: readonly JsonObject[], line: number, problems: ProblemList): VakthundEvent[] {
  return rows.map((row) => shapedEvent(shapeOfRow(row), line, problems));
}

/**
 * The rows of a result, each as the event form has it: `columns` and `action` beside what the whole result says. A result
 * without rows gives none. Undefined for a record that is no result.
 */
function rowsOf(record: JsonObject): JsonObject[] | undefined {
  const { diffResults, snapshot, columns } = record;
  if (isObject(columns) || isStatus(record)) return [record];
  if (isObject(diffResults)) {
    const { diffResults: _results, ...rest } = record;
    return ['removed', 'added'].flatMap((action) =>
      listOf(diffResults[action]).map((row) => ({ ...rest, action, columns: row })),
    );
  }
  if (!Array.isArray(snapshot)) return undefined;
  const { snapshot: _rows, ...rest } = record;
  return listOf(snapshot).map((row) => ({ ...rest, action: 'snapshot', columns: row }));
}

/** osquery writes an empty text in place of an empty list. */
function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isStatus(record: JsonObject): boolean {
  return record['severity'] !== undefined && record['filename'] !== undefined && record['message'] !== undefined;
}
