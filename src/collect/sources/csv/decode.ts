import type { ProblemList } from '../../../base/problem.ts';
import type { VakthundEvent } from '../../../events/event.ts';
import { rowOf, splitCsv } from '../../csv.ts';
import { genericEvent } from '../../generic-record.ts';
import type { LineDecoder } from '../../text-lines.ts';
import type { DateOrder } from '../../written-time.ts';
import { headerOf, isSeparatorLine, type Header } from './header.ts';

/** Lines and characters of one record: a quote that is never closed must not swallow the log. */
const maxLines = 100;
const maxLength = 262_144;

/** What must be known to go on after a line. */
interface State {
  readonly header: string | undefined;
  readonly order: DateOrder | undefined;
  /** Lines of a record whose quotes are still open. */
  readonly open: readonly string[];
}

/** Lines under their header. `order` is that of dates which do not tell it. */
export function csvLogDecoder(written: string | undefined, order: DateOrder | undefined): LineDecoder {
  return new CsvDecoder(
    written === undefined ? { header: undefined, order, open: [] } : (JSON.parse(written) as State),
  );
}

class CsvDecoder implements LineDecoder {
  readonly #order: DateOrder | undefined;
  #written: string | undefined;
  #header: Header | undefined;
  #open: string[];

  constructor({ header, order, open }: State) {
    this.#order = order;
    this.#written = header;
    this.#header = header === undefined ? undefined : headerOf(header);
    this.#open = [...open];
  }

  state(): string {
    return JSON.stringify({ header: this.#written, order: this.#order, open: this.#open } satisfies State);
  }

  line(text: string, line: number, problems: ProblemList): VakthundEvent[] | string {
    if (this.#header !== undefined) return this.#record(text, line, this.#header, problems);
    if (isSeparatorLine(text)) return [];
    this.#header = headerOf(text);
    if (this.#header === undefined) return 'the first line names no columns';
    this.#written = text;
    return [];
  }

  end(problems: ProblemList): void {
    if (this.#open.length === 0) return;
    problems.add({ code: 'truncated', at: {}, message: 'the last record ends inside of quotes' });
    this.#open = [];
  }

  #record(text: string, line: number, header: Header, problems: ProblemList): VakthundEvent[] | string {
    const before = this.#open;
    this.#open = [];
    const joined = [...before, text].join('\n');
    const fields = splitCsv(joined, header.separator);
    if (fields === undefined) {
      const isTooLong = before.length >= maxLines || joined.length > maxLength;
      const alone = before.length > 0 ? this.#whole(text, header) : undefined;
      if (!isTooLong && alone === undefined) {
        this.#open = [...before, text];
        return [];
      }
      const message = `${before.length} lines belong to a record whose quotes are not closed`;
      problems.add({ code: 'bad-record', at: { line: line - before.length }, message });
      return alone === undefined ? [] : [alone];
    }
    const row = rowOf(header.names, fields);
    if (row === undefined) return 'a line has not the columns of its header';
    const { event, hasTime } = genericEvent(row, 'csv', this.#order);
    if (!hasTime) problems.add({ code: 'bad-record', at: { line }, message: 'a line has no time that is known' });
    return [event];
  }

  /** The event of a line that is a whole record of its own: an open quote above it was a mistake. */
  #whole(text: string, header: Header): VakthundEvent | undefined {
    const fields = splitCsv(text, header.separator);
    if (fields?.length !== header.names.length) return undefined;
    const row = rowOf(header.names, fields);
    const { event, hasTime } = genericEvent(row ?? {}, 'csv', this.#order);
    return hasTime ? event : undefined;
  }
}
