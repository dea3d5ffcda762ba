import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';

/** Where DuckDB keeps its version and, twice in turns, the number of the last checkpoint and where its tables begin. */
const headerBytes = 3 * 4096;

/**
 * What a store looked like when this program closed it, in a file beside it (`case.duckdb.closed`): whoever changes a row without this program
 * moves its headers. It says nothing while the store is open, or after a kill.
 */
interface ClosedMark {
  /** Hex SHA-256 of size, headers and log; absent while the store is open. */
  readonly closed?: string;
  /** Another program wrote it, which no watch has told yet: when that was seen, ms since 1970. */
  readonly editedSeenMs?: number;
}

/** Whether somebody else wrote the store since it was closed; false where that is not known. To be asked before it is opened. */
export function wasEdited(store: string): boolean {
  const before = read(store).closed;
  if (before === undefined || before === lookOf(store)) return false;
  // Another process of ours that opened and closed it meanwhile has left another mark.
  return read(store).closed === before;
}

/** From now on the store is written. */
export function markOpen(store: string): void {
  const { editedSeenMs } = read(store);
  write(store, editedSeenMs === undefined ? {} : { editedSeenMs });
}

/** Somebody else changed what is stored, as was seen then: ms since 1970. A watch tells it. */
export function noteEdit(store: string, seenMs: number): void {
  write(store, { ...read(store), editedSeenMs: seenMs });
}

export function markClosed(store: string): void {
  const closed = lookOf(store);
  const { editedSeenMs } = read(store);
  if (closed !== undefined) write(store, { closed, ...(editedSeenMs === undefined ? {} : { editedSeenMs }) });
}

/** When an edit was seen that nobody was told of, ms since 1970; it counts as told then. */
export function takeEdited(store: string): number | undefined {
  const { editedSeenMs, ...rest } = read(store);
  if (editedSeenMs !== undefined) write(store, rest);
  return editedSeenMs;
}

function lookOf(store: string): string | undefined {
  try {
    const file = openSync(store, 'r');
    try {
      const header = Buffer.alloc(headerBytes);
      const length = readSync(file, header, 0, headerBytes, 0);
      const log = statSync(`${store}.wal`, { throwIfNoEntry: false })?.size ?? 0;
      const sizes = `${fstatSync(file).size} ${log} `;
      return createHash('sha256').update(sizes).update(header.subarray(0, length)).digest('hex');
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function read(store: string): ClosedMark {
  try {
    const { closed, editedSeenMs } = JSON.parse(readFileSync(`${store}.closed`, 'utf8')) as Record<string, unknown>;
    return {
      ...(typeof closed === 'string' ? { closed } : {}),
      ...(typeof editedSeenMs === 'number' && Math.abs(editedSeenMs) <= 8.64e15 ? { editedSeenMs } : {}),
    };
  } catch {
    return {};
  }
}

/** Where there is no room, no mark is left: an old one would be taken for an edit by others. */
function write(store: string, mark: ClosedMark): void {
  try {
    writeFileSync(`${store}.closed.new`, JSON.stringify(mark), { mode: 0o600 });
    renameSync(`${store}.closed.new`, `${store}.closed`);
  } catch {
    for (const name of ['closed', 'closed.new']) rmSync(`${store}.${name}`, { force: true });
  }
}
