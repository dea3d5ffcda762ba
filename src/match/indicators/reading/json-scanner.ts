import type { Problem } from '../../../base/problem.ts';

/** Longest single value that is taken out. The text chooses its size; no entry of a list comes near. */
export const maxItemChars = 4 * 1024 * 1024;
/** Deepest nesting whose keys are followed; below it only brackets are counted, so no depth can fill the memory. */
const maxTrackedDepth = 32;
const maxKeyChars = 1024;

export interface JsonSpan {
  readonly path: readonly string[];
  readonly text: string;
  /** Offset of the first character. */
  readonly at: number;
}

const [quoteMark, backslash, comma, colon, openList, closeList, openObject, closeObject] = [
  34, 92, 44, 58, 91, 93, 123, 125,
];

/**
 * Finds the wanted values of a JSON text that comes in pieces: `push` each, and take out the spans in between.
 * It follows brackets, strings and keys only; what a span holds is for `JSON.parse` to judge.
 */
export class JsonScanner {
  readonly #isWanted: (path: readonly string[]) => boolean;
  /** For each open bracket that is followed: the key in it, or `*` in a list, and whether it is an object. */
  readonly #path: string[] = [];
  readonly #isObject: boolean[] = [];
  #depth = 0;
  #inString = false;
  #isEscaped = false;
  #inScalar = false;
  #expectsKey = false;
  #key: Piece | undefined;
  #item: (Piece & { readonly depth: number; readonly at: number }) | undefined;
  #offset = 0;
  #spans: JsonSpan[] = [];
  #problems: Problem[] = [];
  hasFailed = false;

  constructor(isWanted: (path: readonly string[]) => boolean) {
    this.#isWanted = isWanted;
  }

  takeSpans(): JsonSpan[] {
    const spans = this.#spans;
    this.#spans = [];
    return spans;
  }

  takeProblems(): Problem[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }

  push(text: string): void {
    for (let index = 0; index < text.length && !this.hasFailed; index++) {
      if (this.#inString) index = this.#string(text, index);
      else this.#token(text, index);
    }
    if (this.#key !== undefined) this.#key = grown(this.#key, text, text.length, maxKeyChars);
    if (this.#item !== undefined) this.#item = { ...this.#item, ...grown(this.#item, text, text.length, maxItemChars) };
    this.#offset += text.length;
  }

  end(): void {
    if (this.hasFailed) return;
    this.#endScalar('', 0);
    if (this.#depth === 0 && !this.#inString) return;
    this.#problems.push({ code: 'truncated', at: { byte: this.#offset }, message: 'the JSON text ends in the middle' });
  }

  /** Goes to the end of the string; returns the place of its closing quote, or of the last character of the text. */
  #string(text: string, from: number): number {
    for (let index = from; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (this.#isEscaped) this.#isEscaped = false;
      else if (code === backslash) this.#isEscaped = true;
      else if (code === quoteMark) {
        this.#inString = false;
        if (this.#key === undefined) this.#valueEnds(text, index + 1);
        else this.#keyEnds(this.#key, text, index);
        return index;
      }
    }
    return text.length;
  }

  #token(text: string, index: number): void {
    const code = text.charCodeAt(index);
    if (code <= 32 || code === comma || code === colon) {
      this.#endScalar(text, index);
      if (code === comma) this.#expectsKey = this.#isFollowed() && this.#isObject.at(-1) === true;
      return;
    }
    if (code === quoteMark) {
      this.#inString = true;
      if (this.#expectsKey) this.#key = { start: index + 1, parts: [], chars: 0 };
      else this.#valueStarts(index);
      return;
    }
    if (code === openObject || code === openList) {
      this.#valueStarts(index);
      this.#open(code === openObject);
      return;
    }
    if (code === closeObject || code === closeList) {
      this.#endScalar(text, index);
      this.#close(text, index);
      return;
    }
    if (this.#inScalar) return;
    this.#inScalar = true;
    this.#valueStarts(index);
  }

  #open(isObject: boolean): void {
    this.#depth++;
    if (!this.#isFollowed()) return;
    this.#isObject.push(isObject);
    this.#path.push(isObject ? '' : '*');
    this.#expectsKey = isObject;
  }

  #close(text: string, index: number): void {
    this.#depth--;
    if (this.#depth < 0) {
      this.hasFailed = true;
      this.#problems.push({
        code: 'bad-record',
        at: { byte: this.#offset + index },
        message: 'the text is not JSON: a bracket closes that was never opened',
      });
      return;
    }
    if (this.#item === undefined && this.#depth < maxTrackedDepth) {
      this.#isObject.pop();
      this.#path.pop();
      this.#expectsKey = false;
    }
    this.#valueEnds(text, index + 1);
  }

  #keyEnds(key: Piece, text: string, index: number): void {
    const raw = grown(key, text, index, maxKeyChars);
    this.#key = undefined;
    this.#expectsKey = false;
    this.#path[this.#path.length - 1] = raw.chars > maxKeyChars ? '' : unescaped(raw.parts.join(''));
  }

  #endScalar(text: string, index: number): void {
    if (!this.#inScalar) return;
    this.#inScalar = false;
    this.#valueEnds(text, index);
  }

  #isFollowed(): boolean {
    return this.#item === undefined && this.#depth <= maxTrackedDepth;
  }

  #valueStarts(index: number): void {
    if (!this.#isFollowed() || !this.#isWanted(this.#path)) return;
    this.#item = { start: index, parts: [], chars: 0, depth: this.#depth, at: this.#offset + index };
  }

  #valueEnds(text: string, index: number): void {
    const item = this.#item;
    if (item === undefined || item.depth !== this.#depth) return;
    this.#item = undefined;
    const whole = grown(item, text, index, maxItemChars);
    if (whole.chars <= maxItemChars) {
      this.#spans.push({ path: [...this.#path], text: whole.parts.join(''), at: item.at });
      return;
    }
    const message = `a value of ${whole.chars} characters is longer than ${maxItemChars}; it was left out`;
    this.#problems.push({ code: 'record-too-long', at: { byte: item.at }, message });
  }
}

/** Text that is being collected: whole parts from earlier pieces, and where it goes on in the present one. */
interface Piece {
  readonly start: number;
  readonly parts: readonly string[];
  readonly chars: number;
}

/** With the text up to `end` taken in, to go on at the start of the next piece. Past the bound only the length is kept. */
function grown(piece: Piece, text: string, end: number, maxChars: number): Piece {
  const chars = piece.chars + Math.max(0, end - piece.start);
  const parts = chars > maxChars ? [] : [...piece.parts, text.slice(piece.start, end)];
  return { start: 0, parts, chars };
}

function unescaped(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return raw;
  }
}
