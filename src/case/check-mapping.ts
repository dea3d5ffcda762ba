import { readFileSync } from 'node:fs';
import { silentLogger } from '../base/logger.ts';
import { ProblemList, type Problem } from '../base/problem.ts';
import { mappedSource } from '../collect/mapped/mapped-source.ts';
import { readMapping } from '../collect/mapped/read-mapping.ts';
import { readContent, readHead } from '../collect/open/content.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { contentStart, type Source } from '../collect/source.ts';
import type { EventRow, KindId } from '../events/event.ts';

/** What a mapping makes of one log. */
export interface MappedLog {
  readonly path: string;
  /** False: the log has not what the mapping recognises it by, and nothing was read. */
  readonly isRecognised: boolean;
  readonly events: number;
  /** Events in which a column has a value, by column. */
  readonly filled: Readonly<Record<string, number>>;
  /** Keys that no column takes and that stay in `fields`, with the number of events that have them. */
  readonly left: Readonly<Record<string, number>>;
  readonly problems: readonly Problem[];
}

export interface MappingCheck {
  readonly id: string | undefined;
  readonly kind: KindId | undefined;
  /** What is wrong with the mapping file; it is used only when nothing is. */
  readonly problems: readonly Problem[];
  readonly logs: readonly MappedLog[];
}

const headBytes = 65_536;
/** Keys counted of a log: an attacker's records have each another one. */
const maxKeys = 500;

/** Checks a mapping file and, when it is right, shows what it makes of logs. Nothing is stored. */
export async function checkMapping(
  path: string,
  logs: readonly string[],
  options: { readonly limits: OpenLimits; readonly spoolFolder: string; readonly signal: AbortSignal },
): Promise<MappingCheck> {
  const { mapping, problems } = readMapping(readFileSync(path, 'utf8'));
  if (mapping === undefined) return { id: undefined, kind: undefined, problems, logs: [] };
  const source = mappedSource(mapping);
  const read: MappedLog[] = [];
  for (const log of logs) {
    for await (const result of openFile(log, options)) {
      options.signal.throwIfAborted();
      if ('problem' in result) {
        read.push({ path: log, isRecognised: false, events: 0, filled: {}, left: {}, problems: [result.problem] });
        continue;
      }
      const { leaf } = result;
      const open = (): AsyncIterable<Uint8Array> =>
        readContent(leaf.diskPath, leaf.compression, options.limits, () => undefined);
      read.push(await readLog(source, leaf.path, open));
      leaf.dispose();
    }
  }
  return { id: source.id, kind: mapping.mapping.kind, problems, logs: read };
}

async function readLog(source: Source, path: string, open: () => AsyncIterable<Uint8Array>): Promise<MappedLog> {
  const problems = new ProblemList();
  const tally = new Tally();
  const isRecognised = source.detect(path, await readHead(open(), headBytes)) !== undefined;
  const context = { name: path, start: contentStart, growing: false, logger: silentLogger };
  if (isRecognised) {
    for await (const batch of source.decode(open(), context)) {
      for (const problem of batch.problems) problems.add(problem);
      for (const event of batch.events) tally.add(event as unknown as EventRow);
    }
  }
  return { path, isRecognised, ...tally.counts(), problems: problems.drain() };
}

/** Counts in how many events each column has a value, and each key is left. */
class Tally {
  readonly #filled = new Map<string, number>();
  readonly #left = new Map<string, number>();
  #events = 0;

  add(row: EventRow): void {
    this.#events++;
    for (const [column, value] of Object.entries(row)) if (isTold(column, value)) count(this.#filled, column);
    const { fields } = row;
    if (typeof fields !== 'string') return;
    for (const key of Object.keys(JSON.parse(fields) as object)) count(this.#left, key);
  }

  counts(): Pick<MappedLog, 'events' | 'filled' | 'left'> {
    return { events: this.#events, filled: Object.fromEntries(this.#filled), left: Object.fromEntries(this.#left) };
  }
}

function isTold(column: string, value: EventRow[string]): boolean {
  return (
    value !== null &&
    !['kind', 'fields', 'evidence_id', 'evidence_at'].includes(column) &&
    !(column === 'time' && value === 0)
  );
}

function count(counts: Map<string, number>, key: string): void {
  if (counts.has(key) || counts.size < maxKeys) counts.set(key, (counts.get(key) ?? 0) + 1);
}
