import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Positions } from './follower.ts';

/** Numberings that are remembered: each start of journald after a crash may begin one. The oldest go. */
const maxNumberings = 10_000;

interface State {
  /** Sequence number by numbering, both as they are written. */
  readonly positions: Readonly<Record<string, string>>;
  /** What had been written when they were noted. */
  readonly file?: string;
  readonly bytes: number;
}

/**
 * How far the journals were read; undefined when that was never noted, or what was noted is damaged. What was written behind the note, by
 * one who was killed before the next, is looked through.
 */
export function loadPositions(statePath: string, folder: string): Positions | undefined {
  const state = readState(statePath);
  if (state === undefined) return undefined;
  const positions: Positions = new Map(Object.entries(state.positions).map(([id, number]) => [id, BigInt(number)]));
  const noted = state.file ?? '';
  for (const file of readdirSync(folder).sort()) {
    if (file < noted) continue;
    const bytes = readFileSync(join(folder, file));
    noteCursors(file === noted ? bytes.subarray(state.bytes) : bytes, positions);
  }
  return positions;
}

/** Written beside and renamed: a kill leaves the one or the other. */
export function savePositions(
  statePath: string,
  positions: Positions,
  end: { readonly file: string; readonly bytes: number } | undefined,
): void {
  for (const oldest of positions.keys()) {
    if (positions.size <= maxNumberings) break;
    positions.delete(oldest);
  }
  const numbers = Object.fromEntries([...positions].map(([id, number]) => [id, String(number)]));
  const next = `${statePath}.new`;
  writeFileSync(next, JSON.stringify({ positions: numbers, file: end?.file, bytes: end?.bytes ?? 0 }), { mode: 0o600 });
  renameSync(next, statePath);
}

function readState(statePath: string): State | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(statePath, 'utf8'));
    return isState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

/** Looked at by hand: a library of schemas would take 10 MB in this thread. */
function isState(value: unknown): value is State {
  if (typeof value !== 'object' || value === null) return false;
  const { positions, file, bytes } = value as Record<string, unknown>;
  if (typeof positions !== 'object' || positions === null || Array.isArray(positions)) return false;
  const isNoted = ([id, number]: readonly [string, unknown]): boolean =>
    /^[0-9a-f]{32}$/.test(id) && typeof number === 'string' && /^\d{1,20}$/.test(number);
  return (
    Object.entries(positions).every(isNoted) &&
    (file === undefined || typeof file === 'string') &&
    Number.isSafeInteger(bytes) &&
    Number(bytes) >= 0
  );
}

/**
 * Notes the cursors of whole entries. Values with line ends stand behind their length and are stepped over: whoever can write to the log cannot
 * put a cursor there.
 */
function noteCursors(bytes: Buffer, positions: Positions): void {
  let cursor: Cursor | undefined;
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at);
    if (end < 0) return;
    const line = bytes.subarray(at, end);
    at = end + 1;
    if (line.length === 0) {
      if (cursor !== undefined) positions.set(cursor.id, cursor.number);
      cursor = undefined;
    } else if (line.includes(61)) cursor ??= cursorIn(line.toString('latin1'));
    else if (at + 8 <= bytes.length) at += 8 + Number(bytes.readBigUInt64LE(at)) + 1;
    else return;
  }
}

interface Cursor {
  readonly id: string;
  readonly number: bigint;
}

function cursorIn(line: string): Cursor | undefined {
  const { id, number } = /^__CURSOR=s=(?<id>[0-9a-f]{32});i=(?<number>[0-9a-f]{1,16});/.exec(line)?.groups ?? {};
  return id === undefined || number === undefined ? undefined : { id, number: BigInt(`0x${number}`) };
}
