import type { JsonObject } from '../../json-value.ts';

/**
 * The row of a line as Zeek writes it: an object of values and lists, no key twice. Undefined for every other line; those
 * take a slower way, which tells what is odd about them.
 */
export function parsePlainLine(text: string): JsonObject | undefined {
  const row = parsed(text);
  if (row === undefined) return undefined;
  let keys = 0;
  for (const key in row) {
    keys++;
    if (isOdd(row[key])) return undefined;
  }
  return keys === keysIn(text) ? row : undefined;
}

function parsed(text: string): JsonObject | undefined {
  try {
    // A line that begins with a brace is an object or no JSON.
    return JSON.parse(text) as JsonObject;
  } catch {
    return undefined;
  }
}

/** A number that JSON.parse may have rounded, or an object, which may have a key twice. */
function isOdd(value: unknown): boolean {
  if (typeof value === 'number') return Math.abs(value) > Number.MAX_SAFE_INTEGER;
  if (typeof value !== 'object' || value === null) return false;
  return !Array.isArray(value) || value.some(isOdd);
}

/** Keys written in a line: a quote and a colon, which inside of text would have a backslash before them. */
function keysIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf('":'); at >= 0; at = text.indexOf('":', at + 2)) {
    if (text.charCodeAt(at - 1) !== 92) count++;
  }
  return count;
}
