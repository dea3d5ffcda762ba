import { quote, type Problem } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { compileDelimited, type DelimitedReader } from '../../mapping/delimited.ts';
import { readLines, type LineBlock } from '../../lines.ts';
import type { Batch, DecodeContext } from '../../source.ts';
import { defaultHeader, headerlessFields, layoutOf, withDirective, type Header } from './header.ts';
import { logOfName } from './logs.ts';
import { lossProblem } from './loss.ts';

const hash = 35;

/** Decodes TSV logs, also several behind one another in one file, each with its header. */
export async function* decodeTsv(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new TsvDecoder(context.name, context.start.state);
  for await (const block of readLines(content, { start: context.start, growing: context.growing })) {
    yield decoder.read(block);
  }
}

class TsvDecoder {
  readonly #nameHint: string | undefined;
  #header: Header = defaultHeader;
  /** Text of `#header`, made once per header: it is the state of every checkpoint. */
  #state = '';
  #reader: DelimitedReader | undefined;
  #columnCount = 0;
  #log = '';
  #lastTime = 0;
  #isHeaderMissing = false;

  constructor(name: string, state: string | undefined) {
    this.#nameHint = logOfName(name);
    if (state !== undefined) this.#setHeader(JSON.parse(state) as Header);
  }

  read(block: LineBlock): Batch {
    const events: VakthundEvent[] = [];
    const problems: Problem[] = [...block.problems];
    let line = block.firstLine;
    const onBad = (path: string, value: unknown): void => {
      problems.push({ code: 'bad-value', at: { line }, message: `${path} is ${quote(String(value))}` });
    };
    for (let index = 0; index < block.count; index++, line++) {
      const start = block.starts[index] ?? 0;
      const end = block.ends[index] ?? 0;
      if (start === end) continue;
      if (block.bytes[start] === hash) {
        this.#directive(block.bytes.toString('utf8', start, end), line, problems);
        continue;
      }
      const reader = this.#reader ?? this.#headerless(block.bytes.toString('utf8', start, end));
      if (reader === undefined) {
        if (this.#reader === undefined) this.#noHeader(line, problems);
        continue;
      }
      const event = reader.read(block.bytes, start, end, onBad);
      if (event === undefined) problems.push(this.#odd(block, index, line));
      else events.push(this.#finish(event, line, problems));
    }
    const checkpoint = { byte: block.endByte, line: line - 1, ...(this.#state === '' ? {} : { state: this.#state }) };
    return { events, problems, checkpoint };
  }

  #directive(text: string, line: number, problems: Problem[]): void {
    const before = this.#header;
    this.#setHeader(withDirective(before, text));
    const { fields, types } = this.#header;
    if (types !== undefined && fields !== undefined && types !== before.types && types.length !== fields.length) {
      const message = `#types has ${types.length} entries and #fields ${fields.length}; the types were not used`;
      problems.push({ code: 'bad-header', at: { line }, message });
      this.#setHeader({ ...this.#header, types: undefined });
    }
  }

  #setHeader(header: Header): void {
    if (header === this.#header) return;
    this.#header = header;
    this.#state = JSON.stringify(header);
    const layout = layoutOf(header, this.#nameHint);
    this.#reader = layout === undefined ? undefined : compileDelimited(layout.mapping, layout.layout);
    this.#columnCount = header.fields?.length ?? 0;
    this.#log = layout?.log ?? '';
  }

  /** Takes a first line of names as the header; the line itself is no row. */
  #headerless(text: string): undefined {
    const fields = headerlessFields(text);
    if (fields !== undefined) this.#setHeader({ ...this.#header, fields });
    return undefined;
  }

  #noHeader(line: number, problems: Problem[]): void {
    if (this.#isHeaderMissing) return;
    this.#isHeaderMissing = true;
    problems.push({
      code: 'bad-header',
      at: { line },
      message: 'rows stand above any #fields line; they were not read',
      hint: 'the beginning of the file is missing: give the whole log',
    });
  }

  #odd(block: LineBlock, index: number, line: number): Problem {
    const start = block.starts[index] ?? 0;
    const end = block.ends[index] ?? 0;
    const piece = quote(block.bytes.toString('utf8', start, Math.min(end, start + 200)));
    if (block.isUnterminated && index === block.count - 1) {
      return { code: 'truncated', at: { line }, message: `the log ends in the middle of a row: ${piece}` };
    }
    const cells = block.bytes.toString('utf8', start, end).split(this.#header.separator).length;
    return {
      code: 'bad-record',
      at: { line },
      message: `the row has ${cells} cells, its header ${this.#columnCount}: ${piece}`,
    };
  }

  #finish(event: EventRow, line: number, problems: Problem[]): VakthundEvent {
    event['evidence_at'] = line;
    // A masked or broken time was told as a bad value; the row stands beside the one before it.
    if (event['time'] === 0 && this.#lastTime !== 0) event['time'] = this.#lastTime;
    else this.#lastTime = Number(event['time']);
    const loss = lossProblem(this.#log, event, line);
    if (loss !== undefined) problems.push(loss);
    return event as unknown as VakthundEvent;
  }
}
