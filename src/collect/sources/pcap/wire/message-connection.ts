import type { AnalyzerContext, ConnectionAnalyzer } from '../analyzer.ts';
import { MessageCutter, type MessageLength } from './message-cutter.ts';
import { asBuffer } from './text.ts';

/** How both sides of a connection are cut into messages. */
export interface MessageForm {
  /** What is missing when bytes begin no message: `TDS packet`. */
  readonly name: string;
  /** So much of a message is held, the rest of a longer one is passed over. */
  readonly maxBytes: number;
  readonly lengthOf: MessageLength;
}

/** What reads the messages of one connection. */
export interface MessageReader {
  /** A view, valid during the call. */
  message(isOrig: boolean, message: Buffer): void;
  /** Nothing more will come: hand over what is pending. */
  close?(): void;
}

/** A TCP connection whose two sides are streams of messages. Bytes that begin none, or are missing, end the reading. */
export class MessageConnection implements ConnectionAnalyzer {
  readonly #context: AnalyzerContext;
  readonly #name: string;
  readonly #reader: MessageReader;
  readonly #orig: MessageCutter;
  readonly #resp: MessageCutter;

  constructor(context: AnalyzerContext, { name, maxBytes, lengthOf }: MessageForm, reader: MessageReader) {
    this.#context = context;
    this.#name = name;
    this.#reader = reader;
    this.#orig = new MessageCutter(maxBytes, lengthOf, (message) => reader.message(true, asBuffer(message)));
    this.#resp = new MessageCutter(maxBytes, lengthOf, (message) => reader.message(false, asBuffer(message)));
  }

  data(isOrig: boolean, bytes: Uint8Array): void {
    if (!(isOrig ? this.#orig : this.#resp).data(bytes)) this.#stop(`no ${this.#name}`);
  }

  gap(): void {
    this.#stop('bytes of the stream are missing');
  }

  close(): void {
    this.#reader.close?.();
  }

  #stop(reason: string): void {
    this.close();
    this.#context.violation(reason);
  }
}
