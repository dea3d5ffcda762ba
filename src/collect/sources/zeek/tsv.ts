import { isUtf8 } from 'node:buffer';
import { ProblemList, quote } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { compileDelimited, type DelimitedReader } from '../../mapping/delimited.ts';
import { readLines, type LineBlock } from '../../lines.ts';
import type { Batch, DecodeContext } from '../../source.ts';
import { defaultHeader, headerlessFields, logOfHeader, withDirective, type Header, type TsvLog } from './header.ts';
import { withoutBlanks } from './labels.ts';
import { rowsMeant } from './odd-row.ts';
import { logOfName } from './logs.ts';
import { RowWatch } from './row-watch.ts';

const hash = 35;

/** Decodes TSV logs, also several behind one another in one file, each with its header. */
export async function* decodeTsv(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new TsvDecoder(context.name, context.start.state);
  for await (const block of readLines(content, context)) yield decoder.read(block);
}

class TsvDecoder {
  readonly #nameHint: string | undefined;
  readonly #watch = new RowWatch();
  readonly #problems = new ProblemList();
  #header: Header = defaultHeader;
  /** Text of `#header`, made once per header: it is the state of every checkpoint. */
  #state = JSON.stringify(defaultHeader);
  #log: TsvLog | undefined;
  #reader: DelimitedReader | undefined;
  #isHeaderMissing = false;

  constructor(name: string, state: string | undefined) {
    this.#nameHint = logOfName(name);
    if (state !== undefined) this.#setHeader({ ...defaultHeader, ...(JSON.parse(state) as Partial<Header>) });
  }

  read(block: LineBlock): Batch {
    for (const problem of block.problems) this.#problems.add(problem);
    const { bytes, starts, ends, count, firstLine } = block;
    const isValid = isUtf8(bytes);
    const events: VakthundEvent[] = [];
    for (let index = 0; index < count; index++) {
      const start = starts[index] ?? 0;
      const end = ends[index] ?? 0;
      if (start === end) continue;
      const line = firstLine + index;
      const isCut = block.isUnterminated && index === count - 1;
      if (bytes[start] === hash) this.#directive(bytes.toString('utf8', start, end), line);
      else if (this.#reader === undefined) this.#noHeader(bytes.toString('utf8', start, end), line);
      else {
        if (!isValid && !isUtf8(bytes.subarray(start, end))) this.#badEncoding(line);
        const event =
          this.#row(this.#reader, bytes, start, end, line) ??
          this.#oddRow(this.#reader, bytes.subarray(start, end), line, isCut);
        if (event !== undefined) events.push(event);
      }
    }
    const checkpoint = { byte: block.endByte, line: firstLine + count - 1, state: this.#state };
    return { events, problems: this.#problems.drain(), checkpoint };
  }

  #row(reader: DelimitedReader, bytes: Buffer, start: number, end: number, line: number): VakthundEvent | undefined {
    this.#watch.begin(line, this.#problems);
    const { separator, blankColumns } = this.#header;
    if (blankColumns === 0) return this.#finish(reader.read(bytes, start, end, this.#watch.onBad));
    const row = withoutBlanks(bytes.subarray(start, end), separator, blankColumns);
    return this.#finish(reader.read(row, 0, row.length, this.#watch.onBad));
  }

  /** A row with another number of cells than its header: read if it can be told what was meant, and a problem always. */
  #oddRow(reader: DelimitedReader, row: Buffer, line: number, isCut: boolean): VakthundEvent | undefined {
    const text = quote(row.toString('utf8', 0, 200));
    const at = { line };
    if (isCut) {
      this.#problems.add({ code: 'truncated', at, message: `the log ends in the middle of a row: ${text}` });
      return undefined;
    }
    const meant = this.#log === undefined ? [] : rowsMeant(row, this.#log.layout);
    const event = meant.map((candidate) => fitting(reader, candidate)).find((found) => found !== undefined);
    const outcome = event === undefined ? 'it was skipped' : 'it was read as far as it fits';
    const cells = this.#log?.layout.columns.length ?? 0;
    const message = `a row has not the ${cells} cells of its header; ${outcome}: ${text}`;
    this.#problems.add({ code: 'bad-record', at, message });
    return this.#finish(event);
  }

  #finish(event: EventRow | undefined): VakthundEvent | undefined {
    return event === undefined ? undefined : this.#watch.finish(event, this.#log?.name ?? '');
  }

  #directive(text: string, line: number): void {
    const before = this.#header;
    this.#setHeader(withDirective(before, text));
    const { fields, types } = this.#header;
    if (types === undefined || types === before.types || fields === undefined) return;
    if (types.length !== fields.length) {
      const message = `#types has ${types.length} entries and #fields ${fields.length}; the types were not used`;
      this.#problems.add({ code: 'bad-header', at: { line }, message });
    }
    const twice = fields.filter((field, index) => fields.indexOf(field) !== index);
    if (twice.length > 0) {
      const message = `#fields has a name twice; its later columns got a number: ${twice.map((name) => quote(name)).join(', ')}`;
      this.#problems.add({ code: 'duplicate-key', at: { line }, message });
    }
  }

  #setHeader(header: Header): void {
    if (header === this.#header) return;
    this.#header = header;
    this.#state = JSON.stringify(header);
    this.#log = logOfHeader(header, this.#nameHint);
    this.#reader = this.#log === undefined ? undefined : compileDelimited(this.#log.mapping, this.#log.layout);
  }

  /** A first line of names is the header; rows without any are not read. */
  #noHeader(text: string, line: number): void {
    if (text.trimStart().startsWith('#')) {
      this.#directive(text.trimStart(), line);
      return;
    }
    const fields = headerlessFields(text);
    if (fields !== undefined) {
      this.#setHeader({ ...this.#header, fields });
      return;
    }
    if (this.#isHeaderMissing) return;
    this.#isHeaderMissing = true;
    this.#problems.add({
      code: 'bad-header',
      at: { line },
      message: `rows stand where no #fields line names their columns; they were not read: ${quote(text)}`,
      hint: 'the beginning of the log is missing: give the whole file',
    });
  }

  #badEncoding(line: number): void {
    const message = 'a row is not valid UTF-8; the bytes that are not were replaced';
    this.#problems.add({ code: 'bad-encoding', at: { line }, message });
  }
}

/** The event of a row that has a fitting value in every column. */
function fitting(reader: DelimitedReader, row: Buffer): EventRow | undefined {
  let isMisfit = false;
  const event = reader.read(row, 0, row.length, () => {
    isMisfit = true;
  });
  return isMisfit ? undefined : event;
}
