import { asciiText } from '../wire/text.ts';
import { LineStream } from '../wire/line-stream.ts';
import { HeaderLines, headerValue, parseParameters, type Header } from './headers.ts';
import { transferDecoder, type TransferDecoder } from './transfer-decoding.ts';

/** Takes the decoded content of one entity that holds no others. */
export interface EntitySink {
  data(bytes: Uint8Array): void;
  end(): void;
}

/** Told of each entity when its headers are complete; `depth` is 1 for the message itself. Undefined: its content is not wanted. */
export type OpenEntity = (headers: readonly Header[], depth: number, isLeaf: boolean) => EntitySink | undefined;

/** Entities inside one another that are told apart; deeper ones are read as content. */
const maxDepth = 16;
const maxHeaderBytes = 65_536;
/** Longer lines are handed on in pieces. */
const maxLineBytes = 8192;

interface Level {
  /** Text between its parts; undefined for a message that is carried whole. */
  readonly boundary: string | undefined;
}

/** Reads a MIME message (RFC 2045, 2046) as it comes: headers, parts inside parts, decoded content. */
export class EntityReader {
  readonly #open: OpenEntity;
  readonly #lines: LineStream;
  readonly #headers = new HeaderLines(maxHeaderBytes);
  readonly #levels: Level[] = [];
  #mode: 'headers' | 'content' | 'between' = 'headers';
  #sink: EntitySink | undefined;
  #decoder: TransferDecoder | undefined;
  #isInsideLine = false;

  /** With `headers` the headers of the message were read elsewhere (HTTP), and what comes is its body. */
  constructor(open: OpenEntity, headers?: readonly Header[]) {
    this.#open = open;
    this.#lines = new LineStream(maxLineBytes, 'split', (line, isCut, isBare) => this.line(line, isCut, isBare));
    if (headers !== undefined) this.#beginContent(headers);
  }

  data(bytes: Uint8Array): void {
    this.#lines.data(bytes);
  }

  /** One line without its end, for who has cut the stream into lines already. `isBare`: it ended with LF alone, as lines of binary content can. */
  line(line: Uint8Array, isCut: boolean, isBare = false): void {
    const isLineStart = !this.#isInsideLine;
    this.#isInsideLine = isCut;
    if (this.#mode === 'headers') {
      if (line.length === 0 && isLineStart) this.#beginContent(this.#headers.take());
      else if (isLineStart && !this.#boundary(line)) this.#headers.add(line);
      return;
    }
    if (isLineStart && this.#boundary(line)) return;
    if (this.#mode === 'content') this.#decoder?.line(line, isCut, isBare);
  }

  end(): void {
    this.#lines.end();
    if (this.#mode === 'headers') this.#beginContent(this.#headers.take());
    this.#endContent();
  }

  #beginContent(headers: readonly Header[]): void {
    const { value: type, parameters } = parseParameters(headerValue(headers, 'CONTENT-TYPE') ?? '');
    const depth = this.#levels.length + 1;
    const boundary = type.startsWith('multipart/') ? parameters.get('boundary') : undefined;
    const isMessage = type === 'message/rfc822';
    const isLeaf = depth > maxDepth || (boundary === undefined && !isMessage);
    this.#sink = this.#open(headers, depth, isLeaf);
    if (isLeaf) {
      const sink = this.#sink;
      this.#decoder = transferDecoder(headerValue(headers, 'CONTENT-TRANSFER-ENCODING'), (bytes) => sink?.data(bytes));
      this.#mode = 'content';
      return;
    }
    this.#levels.push({ boundary });
    this.#mode = isMessage ? 'headers' : 'between';
  }

  #endContent(): void {
    this.#decoder?.end();
    this.#decoder = undefined;
    this.#sink?.end();
    this.#sink = undefined;
  }

  /** A line that ends the current part, of the innermost level that it belongs to. */
  #boundary(line: Uint8Array): boolean {
    if (line[0] !== hyphen || line[1] !== hyphen || this.#levels.length === 0) return false;
    const text = asciiText(line).trimEnd();
    for (let level = this.#levels.length - 1; level >= 0; level--) {
      const boundary = this.#levels[level]?.boundary;
      if (boundary === undefined || !text.startsWith(`--${boundary}`)) continue;
      const rest = text.slice(boundary.length + 2);
      if (rest !== '' && rest !== '--') continue;
      this.#endContent();
      this.#headers.take();
      this.#levels.length = rest === '' ? level + 1 : level;
      this.#mode = rest === '' ? 'headers' : 'between';
      return true;
    }
    return false;
  }
}

const hyphen = 45;
