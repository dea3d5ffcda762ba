import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Source } from '../../../../src/collect/source.ts';
import type { VakthundEvent } from '../../../../src/events/event.ts';
import type { SuiteFailure, SuiteResult } from '../../suite.ts';
import { decodeBytes, readContent } from './decode-file.ts';
import { agrees, lostLeaves, leavesOf, parseWithDigits } from './arrival.ts';

/** Columns of an event as the record itself says them; undefined where it does not. */
export type Expect = (record: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;

/**
 * Files of one JSON record on a line. A case for each file (it is told to be of the source, and read without a problem) and
 * for each record: it gives one event with the columns that are expected, and none of its values is lost. `valuesOf` leaves
 * out what a record says of its form only.
 */
export async function jsonLinesSuite(
  corpus: string,
  pattern: string,
  source: Source,
  expect: Expect,
  valuesOf: (record: Readonly<Record<string, unknown>>) => unknown = (record) => record,
): Promise<SuiteResult> {
  const failed: SuiteFailure[] = [];
  let total = 0;
  let values = 0;
  let lost = 0;
  for (const file of globSync(pattern, { cwd: corpus }).sort()) {
    const content = readContent(join(corpus, file));
    const { events, problems, detection } = await decodeBytes(source, content, file);
    total++;
    if (detection !== 'certain' || problems.length > 0) {
      failed.push({ case: file, got: `${detection}, ${JSON.stringify(problems[0])}`, want: 'certain, no problem' });
    }
    const byLine = Map.groupBy(events, (event) => event.evidence_at);
    for (const [index, line] of content.toString('utf8').split('\n').entries()) {
      if (line === '') continue;
      total++;
      const record = parseWithDigits(line) as Readonly<Record<string, unknown>>;
      const made = byLine.get(index + 1) ?? [];
      const missing = made[0] === undefined ? leavesOf(record) : lostLeaves(valuesOf(record), made[0]);
      values += leavesOf(valuesOf(record)).length;
      lost += missing.length;
      const failure = failureOf(made, missing, expect(record));
      if (failure !== undefined) failed.push({ case: `${basename(file)}:${index + 1}`, ...failure });
    }
  }
  const figures = { values, arrived: values - lost };
  return { total, passed: total - failed.length, skipped: 0, failed, figures };
}

function failureOf(
  made: readonly VakthundEvent[],
  missing: readonly unknown[],
  want: Readonly<Record<string, unknown>>,
): Omit<SuiteFailure, 'case'> | undefined {
  const [event] = made;
  if (event === undefined || made.length > 1) return { got: `${made.length} events`, want: 'one event' };
  if (missing.length > 0) return { got: `lost: ${JSON.stringify(missing[0])}`, want: 'all values' };
  const row = event as unknown as Readonly<Record<string, unknown>>;
  const wrong = Object.entries(want).find(([column, value]) => !agrees(row[column], value));
  if (wrong === undefined) return undefined;
  const [column, value] = wrong;
  return { got: `${column} ${JSON.stringify(row[column])}`, want: JSON.stringify(value) };
}

/** The object at a key, or an empty one. */
export function objectAt(
  record: Readonly<Record<string, unknown>>,
  ...keys: readonly string[]
): Record<string, unknown> {
  let value: unknown = record;
  for (const key of keys) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  }
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
