import type { AnalyzerContext, FileSink } from '../../analyzer.ts';

/** Files of one connection that are open at the same time. */
const maxOpenFiles = 200;

interface OpenFile {
  readonly name: string;
  readonly size: number | undefined;
  readonly transfers: { read?: Transfer; write?: Transfer };
}

/** One direction of one file: it is a file to hand on as long as it is read or written from front to back. */
interface Transfer {
  readonly sink: FileSink;
  next: number;
}

/** Puts the reads and writes of open files together to their content. */
export class SharedFiles {
  readonly #context: AnalyzerContext;
  readonly #files = new Map<string, OpenFile>();

  constructor(context: AnalyzerContext) {
    this.#context = context;
  }

  open(id: string, name: string, size: number | undefined): void {
    // The closing of a file with the same id may not have been seen.
    this.close(id);
    if (this.#files.size >= maxOpenFiles) {
      const [oldest] = this.#files.keys();
      if (oldest !== undefined) this.close(oldest);
    }
    this.#files.set(id, { name, size, transfers: {} });
  }

  /**
   * Where the bytes of a read or write go; undefined when they are not wanted: pieces that were seen before, and files whose opening was not. What
   * is skipped counts as missing.
   */
  sinkFor(id: string, kind: 'read' | 'write', offset: number, length: number): FileSink | undefined {
    const file = this.#files.get(id);
    if (file === undefined || length === 0) return undefined;
    const transfer = file.transfers[kind] ?? this.#begin(file, kind);
    if (offset < transfer.next) return undefined;
    if (offset > transfer.next) transfer.sink.gap(offset - transfer.next);
    transfer.next = offset + length;
    return transfer.sink;
  }

  close(id: string): void {
    const transfers = this.#files.get(id)?.transfers;
    transfers?.read?.sink.end();
    transfers?.write?.sink.end();
    this.#files.delete(id);
  }

  closeAll(): void {
    for (const id of this.#files.keys()) this.close(id);
  }

  #begin(file: OpenFile, kind: 'read' | 'write'): Transfer {
    const size = kind === 'read' ? file.size : undefined;
    const facts = { isOrig: kind === 'write', name: file.name, depth: 0, ...(size === undefined ? {} : { size }) };
    const transfer = { sink: this.#context.openFile(facts), next: 0 };
    file.transfers[kind] = transfer;
    return transfer;
  }
}
