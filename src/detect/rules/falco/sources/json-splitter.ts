/** Longest event that is read; audit events with whole objects in them reach a few megabytes. */
export const maxEventCharacters = 16_000_000;

/**
 * Cuts a stream of text into its outermost JSON objects, whatever stands between them: lines, nothing, commas and the
 * brackets of a list. Each is given with the line on which it begins.
 */
export class JsonSplitter {
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  #line = 1;
  #startLine = 1;
  #pieces: string[] = [];
  #length = 0;
  #isTooLong = false;
  readonly #onObject: (text: string, line: number) => void;
  readonly #onTooLong: (line: number) => void;

  constructor(onObject: (text: string, line: number) => void, onTooLong: (line: number) => void) {
    this.#onObject = onObject;
    this.#onTooLong = onTooLong;
  }

  write(chunk: string): void {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const code = chunk.charCodeAt(index);
      if (code === 10) this.#line++;
      if (this.#isText) this.#inText(code);
      else if (code === 34) this.#isText = this.#depth > 0;
      else if (code === 123) {
        if (this.#depth === 0) [start, this.#startLine] = [index, this.#line];
        this.#depth++;
      } else if (code === 125 && this.#depth > 0) {
        this.#depth--;
        if (this.#depth === 0) this.#finish(chunk.slice(start, index + 1));
      }
    }
    if (this.#depth > 0) this.#keep(chunk.slice(start));
  }

  /** True when the stream ended inside of an object. */
  get isCut(): boolean {
    return this.#depth > 0;
  }

  #inText(code: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (code === 92) this.#isEscaped = true;
    else if (code === 34) this.#isText = false;
  }

  #keep(piece: string): void {
    this.#length += piece.length;
    if (this.#length > maxEventCharacters) {
      this.#isTooLong = true;
      this.#pieces = [];
    } else this.#pieces.push(piece);
  }

  #finish(last: string): void {
    this.#keep(last);
    const text = this.#pieces.join('');
    const isTooLong = this.#isTooLong;
    this.#pieces = [];
    this.#length = 0;
    this.#isTooLong = false;
    if (isTooLong) this.#onTooLong(this.#startLine);
    else this.#onObject(text, this.#startLine);
  }
}
