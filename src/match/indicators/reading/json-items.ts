import { messageOf } from '../../../base/errors.ts';
import type { Problem } from '../../../base/problem.ts';
import { JsonScanner, type JsonSpan } from './json-scanner.ts';
import { readText } from './text-lines.ts';

export interface JsonItem {
  /** Keys from the top to the value; `*` stands for a place in a list. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** Offset of its first character. */
  readonly at: number;
}
export interface JsonBatch {
  readonly items: readonly JsonItem[];
  readonly problems: readonly Problem[];
}

/**
 * Values at chosen places of a JSON text, in its order, without holding the text: a bundle of any size is read item by
 * item. `isWanted` sees the path of each value; a wanted value comes whole, another is entered. Several values after
 * one another are read as such. Text that is no JSON ends the reading with a problem.
 */
export async function* readJsonItems(
  content: AsyncIterable<Uint8Array>,
  isWanted: (path: readonly string[]) => boolean,
): AsyncGenerator<JsonBatch> {
  const scanner = new JsonScanner(isWanted);
  for await (const text of readText(content)) {
    scanner.push(text);
    const batch = take(scanner);
    if (batch !== undefined) yield batch;
    if (scanner.hasFailed) return;
  }
  scanner.end();
  const batch = take(scanner);
  if (batch !== undefined) yield batch;
}

function take(scanner: JsonScanner): JsonBatch | undefined {
  const spans = scanner.takeSpans();
  const problems = scanner.takeProblems();
  if (spans.length === 0 && problems.length === 0) return undefined;
  const items: JsonItem[] = [];
  for (const span of spans) parseSpan(span, items, problems);
  return { items, problems };
}

function parseSpan(span: JsonSpan, items: JsonItem[], problems: Problem[]): void {
  try {
    items.push({ path: span.path, value: JSON.parse(span.text) as unknown, at: span.at });
  } catch (error) {
    problems.push({
      code: 'bad-record',
      at: { byte: span.at },
      message: `a value is not valid JSON: ${messageOf(error).slice(0, 120)}`,
    });
  }
}

/** A text field of a parsed object; undefined when it is absent, empty or no text. */
export function textField(record: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = record[name];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function listField(record: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const value = record[name];
  return Array.isArray(value) ? value : [];
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
