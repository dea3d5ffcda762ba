import { asciiText } from '../wire/text.ts';
import type { EntitySink } from './entity-reader.ts';

const signature = 0x223e_9f78;
/** Signature and a key that means nothing here. */
const headBytes = 6;
/** Level, id, length. */
const attributeBytes = 9;
const checksumBytes = 2;
const attachmentBegins = 0x0006_9002;
const attachmentTitle = 0x0001_8010;
const attachmentData = 0x0006_800f;
const maxNameBytes = 255;
/** Attachments of one part; those of Outlook have a few. */
const maxAttachments = 100;

type State = 'head' | 'attribute' | 'title' | 'data' | 'skip' | 'over';

/**
 * Finds the attachments in what Outlook sends as `winmail.dat` (MS-OXTNEF): their content is handed on as it comes. Told by its first bytes, whatever the
 * name and type of the part are; anything else is passed over. What a message in the message holds is not looked into.
 */
export class TnefReader implements EntitySink {
  readonly #open: (name: string | undefined) => EntitySink;
  #state: State = 'head';
  /** Bytes of the state that are still to come, and the first of them where they are needed together. */
  #left = headBytes;
  #held: number[] = [];
  #name: string | undefined;
  #sink: EntitySink | undefined;
  #attachments = 0;

  constructor(open: (name: string | undefined) => EntitySink) {
    this.#open = open;
  }

  data(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.#state !== 'over';) {
      const part = bytes.subarray(at, at + this.#left);
      at += part.length;
      this.#left -= part.length;
      if (this.#state === 'data') this.#sink?.data(part);
      else if (this.#state !== 'skip') this.#hold(part);
      if (this.#left === 0) this.#next();
    }
  }

  end(): void {
    this.#sink?.end();
    this.#sink = undefined;
    this.#state = 'over';
  }

  #hold(part: Uint8Array): void {
    for (const byte of part.subarray(0, maxNameBytes - this.#held.length)) this.#held.push(byte);
  }

  /** All of the state has come. */
  #next(): void {
    const held = Buffer.from(this.#held);
    this.#held = [];
    switch (this.#state) {
      case 'head':
        if (held.readUInt32LE(0) === signature) this.#to('attribute', attributeBytes);
        else this.end();
        return;
      case 'attribute':
        this.#attribute(held.readUInt32LE(1), held.readUInt32LE(5));
        return;
      case 'title':
        this.#name = nameIn(held);
        break;
      case 'data':
        this.#sink?.end();
        this.#sink = undefined;
        break;
      case 'skip':
      case 'over':
        break;
    }
    if (this.#state === 'skip') this.#to('attribute', attributeBytes);
    else this.#to('skip', checksumBytes);
  }

  #attribute(id: number, length: number): void {
    if (id === attachmentBegins) this.#name = undefined;
    if (id === attachmentTitle && length > 0) this.#to('title', length);
    else if (id === attachmentData && length > 0 && this.#attachments < maxAttachments) {
      this.#attachments++;
      this.#sink = this.#open(this.#name);
      this.#to('data', length);
    } else this.#to('skip', length + checksumBytes);
  }

  #to(state: State, bytes: number): void {
    this.#state = state;
    this.#left = bytes;
  }
}

function nameIn(title: Uint8Array): string | undefined {
  const [name] = asciiText(title).split('\0', 1);
  return name === '' ? undefined : name;
}
