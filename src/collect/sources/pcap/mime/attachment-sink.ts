import type { AnalyzerContext, FileFacts, FileSink } from '../analyzer.ts';
import type { EntitySink } from './entity-reader.ts';

/** One part of a mail as a file that the connection carries. It begins with its first byte: an empty part is none. */
export class AttachmentSink implements EntitySink {
  readonly #open: () => FileSink;
  #file: FileSink | undefined;

  constructor(context: AnalyzerContext, facts: FileFacts, onOpen?: (uid: string) => void) {
    this.#open = () => {
      const file = context.openFile(facts);
      onOpen?.(file.uid);
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
