import { decodeJsonLines, type JsonDecoder } from '../json-lines.ts';
import { rowOf, splitCsv } from '../csv.ts';
import { compileMapping } from '../mapping/compile.ts';
import { quote, type ProblemList } from '../../base/problem.ts';
import type { VakthundEvent } from '../../events/event.ts';
import type { Detection, Source } from '../source.ts';
import { decodeTextLines, type LineDecoder } from '../text-lines.ts';
import type { LogMapping } from './log-mapping.ts';
import { createRecordView, type JsonRow } from './record-view.ts';

/** Records that are looked at to recognise a log. */
const maxRecords = 5;

/** The source that a mapping file describes. It stands before all others: who wrote the file knows the log. */
export function mappedSource(log: LogMapping, edition = ''): Source {
  return {
    id: `mapped/${log.id}`,
    edition,
    title: log.id,
    description: `A log described by a mapping file; each record is a ${log.mapping.kind} event.`,
    references: [],
    guide: ['B04'],
    emits: [log.mapping.kind],
    detect: (_name, head) => detect(log, head),
    decode: (content, context) =>
      log.format === 'csv'
        ? decodeTextLines(content, context, (state) => csvDecoder(log, state))
        : decodeJsonLines(content, context, () => jsonDecoder(log)),
  };
}

function detect(log: LogMapping, head: Uint8Array): Detection {
  const lines = Buffer.from(head)
    .toString('utf8')
    .split(/\r?\n/, maxRecords + 2)
    .filter((line) => line.trim() !== '');
  const view = createRecordView(log);
  if (log.format === 'jsonl') {
    const records = lines
      .slice(0, maxRecords)
      .map(jsonRow)
      .filter((row) => row !== undefined);
    return records.length > 0 && records.filter((row) => view.fits(row)).length * 2 > records.length
      ? 'certain'
      : undefined;
  }
  const header = headerOf(lines[0] ?? '', log);
  const fields = header === undefined ? undefined : splitCsv(lines[1] ?? '', header.separator);
  const row = header === undefined || fields === undefined ? undefined : rowOf(header.names, fields);
  return row !== undefined && view.fits(row) ? 'certain' : undefined;
}

function jsonRow(line: string): JsonRow | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as JsonRow;
  } catch {
    return undefined;
  }
}

type Compiled = (row: JsonRow, line: number, problems: ProblemList) => VakthundEvent;

function compile(log: LogMapping): Compiled {
  const view = createRecordView(log);
  const map = compileMapping(log.mapping, { nested: !log.isFlat });
  return (row, line, problems) => {
    const event = map(view.prepared(row), (path, value) => {
      const message = `${path} is ${quote(JSON.stringify(value) ?? '')}, which does not fit its column`;
      problems.add({ code: 'bad-value', at: { line }, message });
    });
    return event as unknown as VakthundEvent;
  };
}

function jsonDecoder(log: LogMapping): JsonDecoder {
  const toEvent = compile(log);
  return { record: (value, line, problems) => toEvent(value, line, problems) };
}

function csvDecoder(log: LogMapping, state: string | undefined): LineDecoder {
  const toEvent = compile(log);
  let header = state === undefined ? undefined : headerOf(state, log);
  let written = state;
  return {
    state: () => written,
    line(text, line, problems) {
      if (header === undefined) {
        header = headerOf(text, log);
        written = text;
        return header === undefined ? 'the first line does not name the columns of the mapping' : [];
      }
      const fields = splitCsv(text, header.separator);
      const row = fields === undefined ? undefined : rowOf(header.names, fields);
      if (row === undefined) return 'a line has not the columns of its header';
      return toEvent(withoutEmpty(row), line, problems);
    },
  };
}

/** In CSV nothing between two commas is no value. */
function withoutEmpty(row: Readonly<Record<string, string>>): JsonRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== ''));
}

interface Header {
  readonly separator: string;
  readonly names: readonly string[];
}

/** A line that names the columns by which the log is recognised; undefined for any other. */
function headerOf(line: string, { keys, values }: LogMapping): Header | undefined {
  const needed = [...keys, ...values.keys()];
  for (const separator of [',', ';', '\t', '|']) {
    const names = splitCsv(line.replace(/^\uFEFF/, '').trimEnd(), separator)?.map((name) => name.trim());
    if (names !== undefined && needed.every((key) => names.includes(key))) return { separator, names };
  }
  return undefined;
}
