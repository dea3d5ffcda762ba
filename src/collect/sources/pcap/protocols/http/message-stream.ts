import { maxHeldBytes } from '../../analyzer.ts';
import { HeaderLines, type Header } from '../../mime/headers.ts';
import { LineStream } from '../../wire/line-stream.ts';
import type { Framing } from '../../web/framing.ts';
import { asciiText } from '../../wire/text.ts';

export interface MessageHandler {
  /** A start line; false when it is none. */
  startLine(line: Uint8Array): boolean;
  headers(headers: readonly Header[]): Framing;
  body(bytes: Uint8Array): void;
  bodyGap(length: number): void;
  /** The message is over. */
  done(): void;
  tunnel(bytes: Uint8Array): void;
  /** The first line of all is no start line: this is not HTTP. What follows goes to `tunnel` where `becomeTunnel` is called. */
  notHttp(line: Uint8Array): void;
}

type Mode =
  | 'start'
  | 'headers'
  | 'length'
  | 'chunk-size'
  | 'chunk'
  | 'chunk-end'
  | 'trailer'
  | 'until-close'
  | 'tunnel'
  | 'lost';

const lineModes: ReadonlySet<Mode> = new Set(['start', 'headers', 'chunk-size', 'chunk-end', 'trailer', 'lost']);

/** Cuts one side of an HTTP/1 connection into messages, one behind the other. Holds no more than one line and the headers of one message. */
export class MessageStream {
  readonly #handler: MessageHandler;
  readonly #lines: LineStream;
  readonly #headers = new HeaderLines(maxHeldBytes);
  #mode: Mode = 'start';
  /** Bytes of the body, or of the chunk, that are still to come. */
  #left = 0;
  #hasMessage = false;

  constructor(handler: MessageHandler) {
    this.#handler = handler;
    this.#lines = new LineStream(maxHeldBytes, 'drop', (line) => this.#line(line));
  }

  data(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const rest = at === 0 ? bytes : bytes.subarray(at);
      at += lineModes.has(this.#mode) ? this.#lines.data(rest, this.#isPaused) : this.#content(rest);
    }
  }

  readonly #isPaused = (): boolean => !lineModes.has(this.#mode);

  gap(length: number): void {
    const isInBody = this.#mode === 'length' || this.#mode === 'chunk';
    if (isInBody && length <= this.#left) {
      this.#handler.bodyGap(length);
      this.#left -= length;
      if (this.#left === 0) this.#contentEnd();
    } else if (this.#mode === 'until-close') this.#handler.bodyGap(length);
    else if (this.#mode !== 'tunnel') {
      // What follows is somewhere in a message: wait for the start of the next.
      if (isInBody) this.#handler.done();
      this.#headers.take();
      this.#mode = 'lost';
    }
  }

  /** The connection goes over to another protocol from here on. */
  becomeTunnel(): void {
    this.#mode = 'tunnel';
  }

  /** No more bytes will come: a message that ends there is over. */
  end(): void {
    if (this.#mode === 'start' || this.#mode === 'lost' || this.#mode === 'tunnel') return;
    if (this.#mode === 'headers') this.#handler.headers(this.#headers.take());
    this.#mode = 'start';
    this.#handler.done();
  }

  /** Bytes of a body or a tunnel; how many were used. */
  #content(bytes: Uint8Array): number {
    if (this.#mode === 'tunnel') {
      this.#handler.tunnel(bytes);
      return bytes.length;
    }
    if (this.#mode === 'until-close') {
      this.#handler.body(bytes);
      return bytes.length;
    }
    const part = bytes.length > this.#left ? bytes.subarray(0, this.#left) : bytes;
    this.#left -= part.length;
    this.#handler.body(part);
    if (this.#left === 0) this.#contentEnd();
    return part.length;
  }

  #contentEnd(): void {
    if (this.#mode === 'chunk') this.#mode = 'chunk-end';
    else this.#messageEnd();
  }

  #line(line: Uint8Array): void {
    switch (this.#mode) {
      case 'start':
      case 'lost':
        this.#startLine(line);
        break;
      case 'headers':
        if (line.length > 0) this.#headers.add(line);
        else this.#headersEnd();
        break;
      case 'chunk-size':
        this.#chunkSize(line);
        break;
      case 'chunk-end':
        this.#mode = 'chunk-size';
        break;
      case 'trailer':
        if (line.length === 0) this.#messageEnd();
        break;
      case 'length':
      case 'chunk':
      case 'until-close':
      case 'tunnel':
        break;
    }
  }

  #startLine(line: Uint8Array): void {
    if (line.length === 0) return;
    if (this.#handler.startLine(line)) {
      this.#hasMessage = true;
      this.#mode = 'headers';
    } else if (this.#hasMessage || this.#mode === 'lost') this.#mode = 'lost';
    else this.#handler.notHttp(line);
  }

  #headersEnd(): void {
    const framing = this.#handler.headers(this.#headers.take());
    switch (framing.kind) {
      case 'none':
        this.#messageEnd();
        break;
      case 'length':
        this.#left = framing.bytes;
        if (framing.bytes === 0) this.#messageEnd();
        else this.#mode = 'length';
        break;
      case 'chunked':
        this.#mode = 'chunk-size';
        break;
      case 'until-close':
        this.#mode = 'until-close';
        break;
      case 'tunnel':
        this.#handler.done();
        this.#mode = 'tunnel';
        break;
    }
  }

  #chunkSize(line: Uint8Array): void {
    const digits = /^[0-9a-fA-F]{1,12}(?=[\s;]|$)/.exec(asciiText(line, 0, 64))?.[0];
    const size = digits === undefined ? 0 : Number.parseInt(digits, 16);
    this.#left = size;
    this.#mode = size > 0 ? 'chunk' : 'trailer';
  }

  #messageEnd(): void {
    this.#mode = 'start';
    this.#handler.done();
  }
}
