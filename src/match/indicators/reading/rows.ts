import type { Problem } from '../../../base/problem.ts';
import { guessDelimiter, splitRow } from './delimited.ts';
import { maxLineChars, readTextLines } from './text-lines.ts';

export interface Row {
  readonly cells: readonly string[];
  /** Line on which it begins, from 1. */
  readonly line: number;
  /** True for a line that began with `#`; its cells are those after the mark. */
  readonly isComment: boolean;
}
export interface RowBatch {
  readonly rows: readonly Row[];
  readonly problems: readonly Problem[];
}

/** Most lines that one row may go over. An opened quote that nobody closes would else eat the list. */
const maxRowLines = 50;

/**
 * Rows of delimited text; a quoted cell may hold line ends. Without `delimiter` the first line that is no comment
 * tells it. A row whose quote is never closed is reported and read as a line without quotes.
 */
export async function* readRows(content: AsyncIterable<Uint8Array>, delimiter?: string): AsyncGenerator<RowBatch> {
  const cutter = new RowCutter(delimiter);
  for await (const batch of readTextLines(content)) {
    const problems: Problem[] = [...batch.problems];
    const rows: Row[] = [];
    for (const [index, text] of batch.lines.entries()) cutter.take(text, batch.firstLine + index, rows, problems);
    yield { rows, problems };
  }
  const rows: Row[] = [];
  const problems: Problem[] = [];
  cutter.end(rows, problems);
  if (rows.length > 0) yield { rows, problems };
}

class RowCutter {
  #delimiter: string | undefined;
  #open: string[] = [];
  #openChars = 0;
  #openLine = 0;

  constructor(delimiter: string | undefined) {
    this.#delimiter = delimiter;
  }

  take(text: string, line: number, rows: Row[], problems: Problem[]): void {
    if (this.#open.length === 0) {
      this.#first(text, line, rows);
      return;
    }
    this.#open.push(text);
    this.#openChars += text.length;
    const mayClose = text.includes('"');
    const cells = mayClose ? splitRow(this.#open.join('\n'), this.#delimiter ?? ',') : undefined;
    if (cells !== undefined) {
      rows.push({ cells, line: this.#openLine, isComment: false });
      this.#open = [];
      return;
    }
    if (this.#open.length >= maxRowLines || this.#openChars > maxLineChars) this.end(rows, problems);
  }

  /** Gives up on an open quote: its first line stands without it, the lines after it are rows of their own. */
  end(rows: Row[], problems: Problem[]): void {
    const [first, ...rest] = this.#open;
    if (first === undefined) return;
    const line = this.#openLine;
    this.#open = [];
    problems.push({ code: 'bad-record', at: { line }, message: 'a quote in a row is never closed' });
    rows.push({ cells: bareCells(first, this.#delimiter ?? ','), line, isComment: false });
    for (const [index, text] of rest.entries()) {
      rows.push({ cells: bareCells(text, this.#delimiter ?? ','), line: line + 1 + index, isComment: false });
    }
  }

  #first(text: string, line: number, rows: Row[]): void {
    const trimmed = text.trim();
    if (trimmed === '') return;
    if (trimmed.startsWith('#')) {
      const cells = splitRow(trimmed.replace(/^#+/, '').trim(), this.#delimiter ?? ',');
      rows.push({ cells: cells ?? [trimmed], line, isComment: true });
      return;
    }
    this.#delimiter ??= guessDelimiter(text);
    const cells = splitRow(text, this.#delimiter);
    if (cells !== undefined) {
      rows.push({ cells, line, isComment: false });
      return;
    }
    this.#open = [text];
    this.#openChars = text.length;
    this.#openLine = line;
  }
}

function bareCells(text: string, delimiter: string): string[] {
  return text.split(delimiter).map((cell) => cell.replaceAll('"', '').trim());
}
