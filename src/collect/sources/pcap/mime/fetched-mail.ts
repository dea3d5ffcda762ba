import type { AnalyzerContext } from '../analyzer.ts';
import { AttachmentSink } from './attachment-sink.ts';
import { EntityReader } from './entity-reader.ts';
import { fileNameIn } from './headers.ts';

/** A mail that a client fetches from its mailbox, or puts there: its parts are files, its text is not kept. */
export class FetchedMail {
  readonly #entity: EntityReader;
  #entities = 0;

  constructor(context: AnalyzerContext, isOrig: boolean) {
    this.#entity = new EntityReader((headers, _depth, isLeaf) => {
      const depth = ++this.#entities;
      if (!isLeaf) return undefined;
      const name = fileNameIn(headers);
      return new AttachmentSink(context, { isOrig, depth, ...(name === undefined ? {} : { name }) });
    });
  }

  /** A line without its end. */
  line(line: Uint8Array, isCut: boolean): void {
    this.#entity.line(line, isCut);
  }

  /** Bytes that are not cut into lines. */
  data(bytes: Uint8Array): void {
    this.#entity.data(bytes);
  }

  end(): void {
    this.#entity.end();
  }
}
