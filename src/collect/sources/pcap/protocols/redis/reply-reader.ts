import { LineStream } from '../../wire/line-stream.ts';
import { asciiText, wireText } from '../../wire/text.ts';

const maxLineBytes = 1024;
/** Of each text so much is handed over, and of an array so many of its first texts. */
const maxTextBytes = 1024;
const maxTexts = 3;
const maxDepthEntries = 1_000_000;
const maxBulkBytes = 512 * 1024 * 1024;

/**
 * Takes one side of a Redis connection apart (RESP 2 and 3): each message by the sign that it begins with and its first texts. Arrays in arrays
 * count as their entries; nothing is held but those texts.
 */
export class ReplyReader {
  readonly #onMessage: (kind: string, texts: readonly string[]) => void;
  readonly #lines: LineStream;
  #kind = '';
  #texts: string[] = [];
  /** Entries of the message that are still to come. */
  #entries = 0;
  /** Bytes of a text, with its line end, that are still to come. */
  #bulk = 0;
  #bulkHead: Buffer[] = [];
  #isBad = false;

  constructor(onMessage: (kind: string, texts: readonly string[]) => void) {
    this.#onMessage = onMessage;
    this.#lines = new LineStream(maxLineBytes, 'drop', (line) => this.#line(line));
  }

  /** False when the bytes are no such messages. */
  data(bytes: Uint8Array): boolean {
    let at = 0;
    while (at < bytes.length && !this.#isBad) {
      if (this.#bulk > 0) at += this.#content(bytes.subarray(at));
      else at += this.#lines.data(bytes.subarray(at), () => this.#bulk > 0 || this.#isBad);
    }
    return !this.#isBad;
  }

  #line(line: Uint8Array): void {
    const kind = asciiText(line, 0, 1);
    const rest = asciiText(line, 1);
    if (this.#kind === '') this.#begin(kind);
    if (kind === '*' || kind === '~' || kind === '>' || kind === '%') this.#aggregate(kind, rest);
    else if (kind === '$' || kind === '=' || kind === '!') this.#text(rest);
    else if (/[+\-:,#_(]/.test(kind)) this.#entry(wireText(line.subarray(1)));
    else if (this.#entries === 1 && /^[A-Za-z]/.test(kind)) this.#inline(line);
    else this.#isBad = true;
  }

  #begin(kind: string): void {
    this.#kind = kind;
    this.#texts = [];
    this.#entries = 1;
  }

  /** A command as one line, as people type it. */
  #inline(line: Uint8Array): void {
    this.#texts = wireText(line).split(' ', maxTexts);
    this.#entries = 1;
    this.#entry(undefined);
  }

  #aggregate(kind: string, rest: string): void {
    const count = Number(rest) * (kind === '%' ? 2 : 1);
    if (!/^-?\d{1,7}$/.test(rest) || count > maxDepthEntries) this.#isBad = true;
    else if (count <= 0) this.#entry(undefined);
    else this.#entries += count - 1;
  }

  #text(rest: string): void {
    const length = Number(rest);
    if (!/^-?\d{1,9}$/.test(rest) || length > maxBulkBytes) this.#isBad = true;
    else if (length < 0) this.#entry(undefined);
    else {
      this.#bulk = length + 2;
      this.#bulkHead = [];
    }
  }

  #content(bytes: Uint8Array): number {
    const taken = Math.min(this.#bulk, bytes.length);
    const text = bytes.subarray(0, Math.min(taken, Math.max(0, this.#bulk - 2)));
    const held = this.#bulkHead.reduce((sum, { length }) => sum + length, 0);
    if (held < maxTextBytes && text.length > 0) this.#bulkHead.push(Buffer.from(text.subarray(0, maxTextBytes - held)));
    this.#bulk -= taken;
    if (this.#bulk === 0) this.#entry(wireText(Buffer.concat(this.#bulkHead)));
    return taken;
  }

  #entry(text: string | undefined): void {
    if (text !== undefined && this.#texts.length < maxTexts) this.#texts.push(text);
    this.#entries--;
    if (this.#entries > 0) return;
    const kind = this.#kind;
    this.#kind = '';
    this.#onMessage(kind, this.#texts);
  }
}
