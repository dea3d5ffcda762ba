import type { AnalyzerContext, FileFacts, FileSink } from '../analyzer.ts';
import type { EntitySink } from './entity-reader.ts';
import { TnefReader } from './tnef.ts';

/** Told of each file of a part. */
export interface AttachmentHandler {
  opened?(uid: string): void;
  /** Name of an attachment that stands inside of the part. */
  named?(name: string): void;
}

/** One part of a mail as a file that the connection carries, and those inside of it as files of their own, where Outlook has wrapped them up. */
export class AttachmentSink implements EntitySink {
  readonly #whole: PartSink;
  readonly #inside: TnefReader;

  constructor(context: AnalyzerContext, facts: FileFacts, handler: AttachmentHandler = {}) {
    const onOpen = (uid: string): void => handler.opened?.(uid);
    this.#whole = new PartSink(context, facts, onOpen);
    const { isOrig, depth } = facts;
    this.#inside = new TnefReader((name) => {
      if (name !== undefined) handler.named?.(name);
      const inner = { isOrig, ...(depth === undefined ? {} : { depth }), ...(name === undefined ? {} : { name }) };
      return new PartSink(context, inner, onOpen);
    });
  }

  data(bytes: Uint8Array): void {
    this.#whole.data(bytes);
    this.#inside.data(bytes);
  }

  end(): void {
    this.#inside.end();
    this.#whole.end();
  }
}

/** It begins with its first byte: an empty part is none. */
class PartSink implements EntitySink {
  readonly #open: () => FileSink;
  #file: FileSink | undefined;

  constructor(context: AnalyzerContext, facts: FileFacts, onOpen: (uid: string) => void) {
    this.#open = () => {
      const file = context.openFile(facts);
      onOpen(file.uid);
      return file;
    };
  }

  data(bytes: Uint8Array): void {
    this.#file ??= this.#open();
    this.#file.data(bytes);
  }

  end(): void {
    this.#file?.end();
    this.#file = undefined;
  }
}
