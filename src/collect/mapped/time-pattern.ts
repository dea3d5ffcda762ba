import { parseIsoMicros, type Micros } from '../../base/time.ts';
import { monthNumber } from '../yearless-clock.ts';

/** Parts of a pattern as in strftime: how many digits or letters each takes. */
const widths: Readonly<Record<string, readonly [least: number, most: number]>> = {
  Y: [4, 4],
  m: [1, 2],
  d: [1, 2],
  b: [3, 3],
  H: [1, 2],
  M: [2, 2],
  S: [2, 2],
  f: [1, 9],
  z: [1, 6],
};
const maxPattern = 100;

/** Reads texts written by a pattern; undefined for a text that does not fit, or a date that does not exist. */
export type TimePattern = (text: string) => Micros | undefined;

/**
 * A pattern of `%Y %m %d %b %H %M %S %f %z` and other characters, which stand for themselves (`%%` for a percent sign). Year, month
 * and day are needed. Without `%z` a time is UTC. A text says what is wrong with the pattern.
 */
export function timePattern(pattern: string): TimePattern | string {
  if (pattern.length > maxPattern) return 'is too long';
  const tokens = pattern.match(/%.|[^%]+|%$/gsu) ?? [];
  const letters = tokens.filter((token) => token.startsWith('%') && token !== '%%').map((token) => token.slice(1));
  const unknown = letters.find((letter) => !Object.hasOwn(widths, letter));
  if (unknown !== undefined) {
    const known = Object.keys(widths).map((letter) => `%${letter}`);
    return `has %${unknown}, known are ${known.join(' ')}`;
  }
  if (!letters.includes('Y') || !letters.includes('d') || !(letters.includes('m') || letters.includes('b'))) {
    return 'needs %Y, %m or %b, and %d';
  }
  return (text) => {
    const parts = partsOf(text, tokens);
    return parts === undefined ? undefined : toMicros(parts);
  };
}

function partsOf(text: string, tokens: readonly string[]): Record<string, string> | undefined {
  const parts: Record<string, string> = {};
  let at = 0;
  for (const token of tokens) {
    const letter = token === '%%' ? '' : token.slice(1);
    const width = token.startsWith('%') ? widths[letter] : undefined;
    if (width === undefined) {
      const literal = token === '%%' ? '%' : token;
      if (!text.startsWith(literal, at)) return undefined;
      at += literal.length;
      continue;
    }
    const end = endOfPart(text, at, letter, width[1]);
    if (end - at < width[0]) return undefined;
    parts[letter] = text.slice(at, end);
    at = end;
  }
  return at === text.length ? parts : undefined;
}

function endOfPart(text: string, from: number, letter: string, most: number): number {
  const isPart = letter === 'b' ? /[A-Za-z]/ : /\d/;
  const zone = /[Z\d:+-]/;
  let end = from;
  const allowed = letter === 'z' ? zone : isPart;
  while (end < text.length && end - from < most && allowed.test(text.charAt(end))) end++;
  return end;
}

function toMicros(parts: Readonly<Record<string, string>>): Micros | undefined {
  const two = (part: string | number | undefined): string => String(part ?? '0').padStart(2, '0');
  const month = parts['b'] === undefined ? parts['m'] : monthNumber(parts['b']);
  if (month === undefined) return undefined;
  const zone = (parts['z'] ?? 'Z').replace(/^(?<hours>[+-]\d\d)$/, '$<hours>00');
  const fraction = parts['f'] === undefined ? '' : `.${parts['f']}`;
  return parseIsoMicros(
    `${parts['Y']}-${two(month)}-${two(parts['d'])}T${two(parts['H'])}:${two(parts['M'])}:${two(parts['S'])}${fraction}${zone}`,
  );
}
