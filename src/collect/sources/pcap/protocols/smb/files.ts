import type { AnalyzerContext } from '../../analyzer.ts';
import { JoinedFile, type Room } from '../../wire/joined-file.ts';

/** Files of one connection that are open at the same time. */
const maxOpenFiles = 200;

interface OpenFile {
  readonly name: string;
  readonly size: number | undefined;
  readonly transfers: { read?: Transfer; write?: Transfer };
}

/** Content of one direction of one file. Clients ask for many pieces at once, and servers answer them as they find them. */
interface Transfer {
  readonly file: JoinedFile;
  /** End of the piece that lies furthest behind. */
  reach: number;
}

/** Where the bytes of one read or write go. */
export interface PieceSink {
  data(bytes: Uint8Array): void;
  gap(length: number): void;
}

/** Puts the reads and writes of open files together to their content. */
export class SharedFiles {
  readonly #context: AnalyzerContext;
  readonly #room: Room;
  readonly #files = new Map<string, OpenFile>();

  /** `room`: memory for pieces that came before those in front of them. */
  constructor(context: AnalyzerContext, room: Room) {
    this.#context = context;
    this.#room = room;
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

  /** Where the bytes of a read or write go; undefined when they are not wanted: those of files whose opening was not seen. */
  sinkFor(id: string, kind: 'read' | 'write', offset: number, length: number): PieceSink | undefined {
    const file = this.#files.get(id);
    if (file === undefined || length === 0) return undefined;
    const transfer = file.transfers[kind] ?? this.#begin(file, kind);
    transfer.reach = Math.max(transfer.reach, offset + length);
    return new Piece(transfer.file, offset);
  }

  close(id: string): void {
    const transfers = this.#files.get(id)?.transfers;
    transfers?.read?.file.end(transfers.read.reach);
    transfers?.write?.file.end(transfers.write.reach);
    this.#files.delete(id);
  }

  closeAll(): void {
    for (const id of this.#files.keys()) this.close(id);
  }

  #begin(file: OpenFile, kind: 'read' | 'write'): Transfer {
    const size = kind === 'read' ? file.size : undefined;
    const facts = { isOrig: kind === 'write', name: file.name, depth: 0, ...(size === undefined ? {} : { size }) };
    const transfer = { file: new JoinedFile(this.#context.openFile(facts), this.#room), reach: 0 };
    file.transfers[kind] = transfer;
    return transfer;
  }
}

class Piece implements PieceSink {
  readonly #file: JoinedFile;
  #at: number;

  constructor(file: JoinedFile, at: number) {
    this.#file = file;
    this.#at = at;
  }

  data(bytes: Uint8Array): void {
    this.#file.add(this.#at, bytes);
    this.#at += bytes.length;
  }

  /** What was not seen may be sent once more. */
  gap(length: number): void {
    this.#at += length;
  }
}
