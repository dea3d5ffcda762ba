import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes a day that one tool may fill the disk with. */
const maxDayBytes = 2 * 1024 ** 3;
/** Files of all tools and days: more are made by something that makes up names. */
const maxFiles = 2000;

/** What was received, written down: a file for each tool and day. */
export class ReceivedFiles {
  readonly #folder: string;
  readonly #nowMs: () => number;

  /** `nowMs`: milliseconds since 1970, for the day in a file's name. */
  constructor(folder: string, nowMs: () => number) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.#folder = folder;
    this.#nowMs = nowMs;
  }

  /** False when the bound for today is reached, or the disk is full. The name is one that `isToolName` takes. */
  write(name: string, lines: readonly string[]): boolean {
    const file = join(this.#folder, `${name}-${new Date(this.#nowMs()).toISOString().slice(0, 10)}.jsonl`);
    const size = statSync(file, { throwIfNoEntry: false })?.size;
    const isFull = size === undefined ? readdirSync(this.#folder).length >= maxFiles : size > maxDayBytes;
    if (isFull) return false;
    try {
      appendFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 });
      return true;
    } catch {
      // A full disk takes the beginning of a line, and the next one, which is acknowledged, would be lost behind it.
      if (existsSync(file)) truncateSync(file, size ?? 0);
      return false;
    }
  }
}

export function isToolName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,40}$/.test(name);
}

/** Objects on one line each; undefined when something else is among them. */
export function linesOf(body: string): string[] | undefined {
  const whole = objectLine(body);
  if (whole !== undefined) return [whole];
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  const objects = lines.map(objectLine);
  return objects.length === 0 || objects.includes(undefined) ? undefined : (objects as string[]);
}

/** The JSON object of a text on one line; undefined for anything else. */
function objectLine(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    // As it was written, where that is one line: numbers beyond 2^53 and doubled keys stay.
    const line = text.trim();
    return line.includes('\n') ? JSON.stringify(value) : line;
  } catch {
    return undefined;
  }
}
