import { LineStream } from '../../wire/line-stream.ts';
import { asciiText } from '../../wire/text.ts';

/** Takes the bytes of a literal. */
export interface LiteralSink {
  data(bytes: Uint8Array): void;
  end(): void;
}

/** Longer lines come in pieces. */
const maxLineBytes = 8192;

/** Cuts one side of IMAP into lines and the literals that stand between them: `{12}` at the end of a line is followed by twelve bytes (RFC 9051, 4.3). */
export class LiteralLines {
  readonly #onLine: (line: Uint8Array, isStart: boolean) => void;
  readonly #onLiteral: (line: Uint8Array, length: number) => LiteralSink | undefined;
  readonly #lines: LineStream;
  #left = 0;
  #sink: LiteralSink | undefined;
  /** What comes is the rest of a line. */
  #isInside = false;

  /** A line is told in pieces: `isStart` for its first one. `onLiteral` is told the piece that announces the literal. */
  constructor(
    onLine: (line: Uint8Array, isStart: boolean) => void,
    onLiteral: (line: Uint8Array, length: number) => LiteralSink | undefined,
  ) {
    this.#onLine = onLine;
    this.#onLiteral = onLiteral;
    this.#lines = new LineStream(maxLineBytes, 'split', (line, isCut) => this.#line(line, isCut));
  }

  /** Reads until the bytes are used up, or `isPaused` says after a line to leave the rest; the number of bytes used. */
  data(bytes: Uint8Array, isPaused: () => boolean): number {
    let at = 0;
    while (at < bytes.length && !isPaused()) {
      if (this.#left > 0) at += this.#literal(bytes.subarray(at, at + this.#left));
      else at += this.#lines.data(bytes.subarray(at), () => this.#left > 0 || isPaused());
    }
    return at;
  }

  /** Bytes are missing: those of a literal are passed over, the lines behind them are told apart again. */
  gap(length: number): void {
    if (this.#left === 0) return;
    this.#left = Math.max(0, this.#left - length);
    if (this.#left === 0) this.end();
  }

  /** Ends a literal that is not complete. */
  end(): void {
    this.#sink?.end();
    this.#sink = undefined;
  }

  #literal(bytes: Uint8Array): number {
    this.#left -= bytes.length;
    this.#sink?.data(bytes);
    if (this.#left === 0) this.end();
    return bytes.length;
  }

  #line(line: Uint8Array, isCut: boolean): void {
    this.#onLine(line, !this.#isInside);
    this.#isInside = isCut;
    if (isCut) return;
    const length = /\{(?<length>\d{1,10})\+?\}$/.exec(asciiText(line, Math.max(0, line.length - 16)))?.groups?.[
      'length'
    ];
    if (length === undefined) return;
    this.#isInside = true;
    this.#left = Number(length);
    this.#sink = this.#onLiteral(line, this.#left);
    if (this.#left === 0) this.end();
  }
}
