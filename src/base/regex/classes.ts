import { complement, everything, perlClasses, posixClasses, union, type CodePoints } from './code-points.ts';
import type { Scanner } from './scanner.ts';
import { collectCodePoints, withCaseVariants } from './unicode.ts';

const simpleEscapes: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** `\d`, `\pL`, `\P{Greek}`: a set that an escape names; undefined, and nothing taken, for other escapes. */
export function takeNamedSet(scanner: Scanner, ignoreCase: boolean): CodePoints | undefined {
  const perl = scanner.takeMatch(/\\([dswDSW])/y);
  if (perl !== undefined) {
    const letter = perl[1] ?? '';
    return signed(cased(perlClasses[letter.toLowerCase()] ?? [], ignoreCase), letter < 'a');
  }
  const start = scanner.at;
  const unicode = scanner.takeMatch(/\\([pP])(?:\{(\^?)([A-Za-z_]+)\}|([A-Z]))/y);
  if (unicode === undefined) {
    const isCut = scanner.looksAt(String.raw`\p`) || scanner.looksAt(String.raw`\P`);
    return isCut ? scanner.fail('invalid character class range') : undefined;
  }
  const set = unicodeSet(unicode[3] ?? unicode[4] ?? '');
  if (set === undefined) return scanner.fail('unknown character class', start);
  return signed(cased(set, ignoreCase), (unicode[1] === 'P') !== (unicode[2] === '^'));
}

function cased(set: CodePoints, ignoreCase: boolean): CodePoints {
  return ignoreCase ? withCaseVariants(set) : set;
}

function signed(set: CodePoints, isNegated: boolean): CodePoints {
  return isNegated ? complement(set) : set;
}

const unicodeSets = new Map<string, CodePoints | undefined>();

/** General categories by their letters, scripts by their names. `C` leaves out what is not assigned, as RE2's tables do. */
function unicodeSet(name: string): CodePoints | undefined {
  if (!unicodeSets.has(name)) unicodeSets.set(name, makeUnicodeSet(name));
  return unicodeSets.get(name);
}

function makeUnicodeSet(name: string): CodePoints | undefined {
  if (name === 'Any') return everything;
  if (name === 'C') return union(unicodeSet('Cc') ?? [], unicodeSet('Cf') ?? [], unicodeSet('Co') ?? []);
  if (name === 'Cs') return [];
  if (name === 'Cn' || name === 'LC') return undefined;
  const property = /^[LMNPSZC][a-z]?$/.test(name) ? name : `Script=${name}`;
  try {
    return collectCodePoints(new RegExp(String.raw`\p{${property}}+`, 'gu'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A character class from after its `[`. */
export function takeClass(scanner: Scanner, ignoreCase: boolean): CodePoints {
  const start = scanner.at - 1;
  const isNegated = scanner.take('^');
  const sets: CodePoints[] = [];
  for (let isFirst = true; isFirst || !scanner.looksAt(']'); isFirst = false) {
    if (scanner.isAtEnd) return scanner.fail('missing closing ]', start);
    sets.push(takePosixSet(scanner, ignoreCase) ?? takeNamedSet(scanner, ignoreCase) ?? takeRange(scanner, ignoreCase));
  }
  scanner.take(']');
  return signed(union(...sets), isNegated);
}

function takePosixSet(scanner: Scanner, ignoreCase: boolean): CodePoints | undefined {
  const start = scanner.at;
  const match = scanner.takeMatch(/\[:(\^?)([^\]:]*):\]/y);
  if (match === undefined) return undefined;
  const set = Object.hasOwn(posixClasses, match[2] ?? '') ? posixClasses[match[2] ?? ''] : undefined;
  if (set === undefined) return scanner.fail('invalid character class range', start);
  return signed(cased(set, ignoreCase), match[1] === '^');
}

function takeRange(scanner: Scanner, ignoreCase: boolean): CodePoints {
  const start = scanner.at;
  const first = takeClassCharacter(scanner);
  let last = first;
  if (scanner.looksAt('-') && !scanner.looksAt('-]') && scanner.at + 1 < scanner.text.length) {
    scanner.take('-');
    last = takeClassCharacter(scanner);
  }
  if (last < first) return scanner.fail('invalid character class range', start);
  return cased([first, last], ignoreCase);
}

function takeClassCharacter(scanner: Scanner): number {
  if (scanner.isAtEnd) return scanner.fail('missing closing ]');
  return scanner.looksAt('\\') ? takeEscape(scanner) : scanner.next();
}

/** An escape that stands for one character. */
export function takeEscape(scanner: Scanner): number {
  const start = scanner.at;
  const hexadecimal = scanner.takeMatch(/\\x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/y);
  if (hexadecimal !== undefined) {
    const point = Number.parseInt(hexadecimal[1] ?? hexadecimal[2] ?? '', 16);
    return point > 0x10_ffff ? scanner.fail('invalid escape sequence', start) : point;
  }
  // One digit from 1 on would be a back-reference, which RE2 does not have.
  const octal = scanner.takeMatch(/\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/y);
  if (octal !== undefined) return Number.parseInt(octal[0].slice(1), 8);
  scanner.take('\\');
  if (scanner.isAtEnd) return scanner.fail('trailing \\', start);
  const character = String.fromCodePoint(scanner.next());
  const simple = Object.hasOwn(simpleEscapes, character) ? simpleEscapes[character] : undefined;
  if (simple !== undefined) return simple;
  return character < '\u0080' && !/[A-Za-z0-9]/.test(character)
    ? (character.codePointAt(0) ?? 0)
    : scanner.fail('invalid escape sequence', start);
}
