import { quote, type Problem } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { mappedPaths } from '../../mapping/mapped-paths.ts';
import { readLines, type LineBlock } from '../../lines.ts';
import type { Batch, DecodeContext } from '../../source.ts';
import { canonicalName } from './header.ts';
import { logOfFields, logOfName, mappingOf } from './logs.ts';
import { lossProblem } from './loss.ts';

type Row = Record<string, unknown>;

/** Logs that one content may hold; more of them are one attacker's names for nothing. */
const maxLogs = 500;

/** Decodes JSON logs: one log a file, or a stream of many told apart by `_path`. */
export async function* decodeJson(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  const decoder = new JsonDecoder(logOfName(context.name));
  for await (const block of readLines(content, { start: context.start, growing: context.growing })) {
    yield decoder.read(block);
  }
}

interface Log {
  readonly name: string;
  toEvent(row: Row, onBad: (path: string, value: unknown) => void): EventRow;
}

class JsonDecoder {
  readonly #nameHint: string | undefined;
  readonly #logs = new Map<string, Log>();
  #lastTime = 0;

  constructor(nameHint: string | undefined) {
    this.#nameHint = nameHint;
  }

  read(block: LineBlock): Batch {
    const events: VakthundEvent[] = [];
    const problems: Problem[] = [...block.problems];
    for (let index = 0; index < block.count; index++) {
      const line = block.firstLine + index;
      const start = block.starts[index] ?? 0;
      const end = block.ends[index] ?? 0;
      if (start === end) continue;
      const text = block.bytes.toString('utf8', start, end);
      const row = parse(text);
      if (row === undefined) {
        const isCut = block.isUnterminated && index === block.count - 1;
        problems.push(damaged(text, line, isCut));
        continue;
      }
      if (text.includes('\uFFFD')) {
        problems.push({ code: 'bad-encoding', at: { line }, message: 'the line is not valid UTF-8' });
      }
      events.push(this.#event(row, line, problems));
    }
    return { events, problems, checkpoint: { byte: block.endByte, line: block.firstLine + block.count - 1 } };
  }

  #event(row: Row, line: number, problems: Problem[]): VakthundEvent {
    const log = this.#logOf(row);
    const event = log.toEvent(row, (path, value) => {
      problems.push({ code: 'bad-value', at: { line }, message: `${path} is ${quote(JSON.stringify(value) ?? '')}` });
    });
    event['evidence_at'] = line;
    if (event['time'] === 0 && this.#lastTime !== 0) event['time'] = this.#lastTime;
    else this.#lastTime = Number(event['time']);
    const loss = lossProblem(log.name, event, line);
    if (loss !== undefined) problems.push(loss);
    return event as unknown as VakthundEvent;
  }

  #logOf(row: Row): Log {
    const path = row['_path'];
    const name =
      typeof path === 'string' ? path : (this.#nameHint ?? logOfFields(new Set(Object.keys(row))) ?? 'unknown');
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const log = createLog(name);
    if (this.#logs.size < maxLogs) this.#logs.set(name, log);
    return log;
  }
}

function createLog(name: string): Log {
  const mapping = mappingOf(name);
  const paths = mappedPaths(mapping);
  const compiled = compileMapping({ ...mapping, drop: [...(mapping.drop ?? []), '_path'] }, { nested: false });
  const names = new Map<string, string>();
  return {
    name,
    toEvent: (row, onBad) => compiled(needsNames(row, paths) ? renamed(row, paths, names) : row, onBad),
  };
}

/** Zeek's own names need no work: a row with a connection has them as they stand. */
function needsNames(row: Row, paths: ReadonlyMap<string, boolean>): boolean {
  if (paths.has('id.orig_h')) return row['id.orig_h'] === undefined;
  return false;
}

/** `id: { orig_h }` and `id_orig_h` become `id.orig_h`; anything else keeps its name. */
function renamed(row: Row, paths: ReadonlyMap<string, boolean>, names: Map<string, string>): Row {
  const flat: Row = {};
  for (const [key, value] of Object.entries(row)) {
    if (
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      [...paths.keys()].some((path) => path.startsWith(`${key}.`))
    ) {
      for (const [inner, innerValue] of Object.entries(value)) flat[`${key}.${inner}`] = innerValue;
      continue;
    }
    let name = names.get(key);
    if (name === undefined) {
      name = canonicalName(key, paths);
      if (names.size < 5000) names.set(key, name);
    }
    Object.defineProperty(flat, name, { value, enumerable: true, writable: true, configurable: true });
  }
  return flat;
}

function parse(text: string): Row | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : undefined;
  } catch {
    return undefined;
  }
}

function damaged(text: string, line: number, isCut: boolean): Problem {
  const piece = quote(text.slice(0, 200));
  if (isCut) return { code: 'truncated', at: { line }, message: `the log ends in the middle of a record: ${piece}` };
  return { code: 'bad-record', at: { line }, message: `the line is no JSON object: ${piece}` };
}
