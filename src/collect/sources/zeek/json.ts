import type { ProblemList } from '../../../base/problem.ts';
import type { EventRow, VakthundEvent } from '../../../events/event.ts';
import { compileMapping } from '../../mapping/compile.ts';
import type { OnBadValue } from '../../mapping/combine.ts';
import { undoControlEscapes } from '../../mapping/escapes.ts';
import { isObject } from '../../mapping/paths.ts';
import { decodeJsonLines, type JsonDecoder } from '../../json-lines.ts';
import type { JsonObject } from '../../json-value.ts';
import type { Batch, DecodeContext } from '../../source.ts';
import { logNamed, logOfFields, logOfName, mappingOfJson } from './logs.ts';
import { RowWatch } from './row-watch.ts';

/** Logs that one content may hold; more of them are one attacker's names for nothing. */
const maxLogs = 500;

/** Decodes JSON logs: one log a file, or a stream of many told apart by `_path`. */
export async function* decodeJson(content: AsyncIterable<Uint8Array>, context: DecodeContext): AsyncGenerator<Batch> {
  for await (const batch of decodeJsonLines(content, context, () => new ZeekJsonDecoder(logOfName(context.name)))) {
    yield { ...batch, checkpoint: { ...batch.checkpoint, state: jsonState } };
  }
}

/** State of every checkpoint of a JSON log: what comes next need not look like JSON to be read as such. */
export const jsonState = '"json"';

interface JsonLog {
  readonly name: string;
  readonly toEvent: (row: JsonObject, onBad: OnBadValue) => EventRow;
}

class ZeekJsonDecoder implements JsonDecoder {
  readonly #nameHint: string | undefined;
  readonly #logs = new Map<string, JsonLog>();
  readonly #watch = new RowWatch();

  constructor(nameHint: string | undefined) {
    this.#nameHint = nameHint;
  }

  record(value: JsonObject, line: number, problems: ProblemList): VakthundEvent {
    this.#watch.begin(line, problems);
    const row = plainRow(value);
    const log = this.#logOf(row);
    return this.#watch.finish(log.toEvent(row, this.#watch.onBad), log.name);
  }

  #logOf(row: JsonObject): JsonLog {
    const path = row['_path'];
    const named = logNamed(typeof path === 'string' ? path : undefined, this.#nameHint);
    const name = named ?? logOfFields(new Set(Object.keys(row))) ?? 'unknown';
    const known = this.#logs.get(name);
    if (known !== undefined) return known;
    const log = { name, toEvent: compileMapping(mappingOfJson(name), { nested: false }) };
    if (this.#logs.size < maxLogs) this.#logs.set(name, log);
    return log;
  }
}

/** A row as Zeek writes it: keys with points for `{ "id": { "orig_h": … } }`, and bytes for their escapes. */
function plainRow(row: JsonObject): JsonObject {
  for (const key in row) if (needsWork(row[key])) return Object.fromEntries(plainEntries('', row));
  return row;
}

function needsWork(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\\x');
  if (Array.isArray(value)) return value.some(needsWork);
  return isObject(value);
}

function plainEntries(prefix: string, row: JsonObject): [string, unknown][] {
  return Object.entries(row).flatMap(([key, value]) =>
    isObject(value) ? plainEntries(`${prefix}${key}.`, value) : [[`${prefix}${key}`, plainValue(value)]],
  );
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return undoControlEscapes(value);
  return Array.isArray(value) ? value.map(plainValue) : value;
}
