import type { AnalyzerContext } from '../../analyzer.ts';
import { logRecord } from '../../log-record.ts';
import type { Room } from '../../wire/joined-file.ts';
import { SharedFiles, type PieceSink } from './files.ts';
import { Recent, type Opened } from './opened.ts';
import { NamedPipes } from './pipes.ts';
import type { FileChange } from './set-info.ts';

/** Shares of one connection that are remembered. */
const maxTrees = 1000;

/** A share of a connection, by its number. */
interface Share {
  readonly path: string;
  /** It holds named pipes (`IPC$`). */
  readonly isPipes: boolean;
}

export const shareType = { disk: 1, pipe: 2, printer: 3 } as const;
const shareTypes: Readonly<Record<number, string>> = { 1: 'DISK', 2: 'PIPE', 3: 'PRINT' };

/** What a client was told of a file that it has opened. */
export interface Opening {
  /** What stands for the file from now on. */
  readonly id: string;
  readonly treeId: number;
  /** Empty for the root of the share. */
  readonly name: string;
  readonly size: number;
  readonly isFolder: boolean;
  /** It goes when it is closed. */
  readonly isDeleted: boolean;
  /** What the record says beside. */
  readonly facts: object;
}

/** Content of a read or a write. */
export interface Part {
  readonly file: string;
  readonly kind: 'read' | 'write';
  /** Place in the file, and length. */
  readonly offset: number;
  readonly length: number;
  /** Place in the message. */
  readonly at: number;
}

/** What the messages of one connection say of shares, files and pipes, whichever version of SMB they are of. */
export class Shares {
  readonly #context: AnalyzerContext;
  readonly #trees = new Map<number, Share>();
  readonly #files: SharedFiles;
  readonly #pipes: NamedPipes;
  readonly #opened = new Recent<string, Opened>();
  /** Where the rest of a long message goes, for each side. */
  readonly #open: [PieceSink | undefined, PieceSink | undefined] = [undefined, undefined];

  constructor(context: AnalyzerContext, room: Room) {
    this.#context = context;
    this.#files = new SharedFiles(context, room);
    this.#pipes = new NamedPipes(context);
  }

  closeAll(): void {
    this.#files.closeAll();
    this.#pipes.closeAll();
  }

  /** A message of a side begins. */
  begin(isOrig: boolean): void {
    this.#open[isOrig ? 0 : 1] = undefined;
  }

  /** More bytes of the message that a side is sending. */
  more(isOrig: boolean, bytes: Uint8Array): void {
    this.#open[isOrig ? 0 : 1]?.data(bytes);
  }

  /** So many bytes of that message are missing. */
  missing(isOrig: boolean, length: number): void {
    this.#open[isOrig ? 0 : 1]?.gap(length);
  }

  mapped(treeId: number, path: string, type: number, dialect: string | undefined): void {
    if (this.#trees.size < maxTrees) this.#trees.set(treeId, { path, isPipes: type === shareType.pipe });
    const facts = { path, share_type: shareTypes[type] ?? `unknown-${type}`, dialect };
    this.#context.emit(logRecord(this.#context, 'smb_mapping', facts));
  }

  opened({ id, treeId, name, size, isFolder, isDeleted, facts }: Opening): void {
    const share = this.#trees.get(treeId);
    if (share?.isPipes === true) {
      this.#pipes.open(id);
      return;
    }
    const file = { path: share?.path, name: name === '' ? '<share_root>' : name, size, isFolder };
    this.#tell('SMB::FILE_OPEN', file, facts);
    this.#opened.set(id, file);
    if (isDeleted) this.changed(id, { action: 'delete' });
    if (isFolder || name === '') return;
    this.#files.open(id, name, size === 0 ? undefined : size);
  }

  /** A file that is open gets another name, or is deleted. */
  changed(id: string, change: FileChange): void {
    const file = this.#opened.get(id);
    if (file === undefined) return;
    if (change.action === 'delete') {
      this.#tell('SMB::FILE_DELETE', file);
      return;
    }
    const renamed = { ...file, name: change.name };
    this.#tell('SMB::FILE_RENAME', renamed, { prev_name: file.name });
    this.#opened.set(id, renamed);
  }

  /** The same for a file that is named and not open, as SMB 1 does it. */
  changedByName(treeId: number, name: string, change: FileChange, isFolder = false): void {
    const file = { path: this.#trees.get(treeId)?.path, name, size: undefined, isFolder };
    if (change.action === 'delete') this.#tell('SMB::FILE_DELETE', file);
    else this.#tell('SMB::FILE_RENAME', { ...file, name: change.name }, { prev_name: name });
  }

  closed(id: string): void {
    this.#files.close(id);
    this.#pipes.close(id);
    this.#opened.delete(id);
  }

  /** Content of a read or a write: what is there of it, and where the rest of the message goes. */
  content(isOrig: boolean, bytes: Buffer, isWhole: boolean, { file, kind, offset, length, at }: Part): void {
    if (this.#pipes.has(file)) {
      this.pipeContent(isOrig, bytes, file, at, length);
      return;
    }
    if (at <= 0 || at > bytes.length) return;
    const sink = this.#files.sinkFor(file, kind, offset, length);
    sink?.data(bytes.subarray(at, at + length));
    if (!isWhole) this.#open[isOrig ? 0 : 1] = sink;
  }

  pipeContent(isOrig: boolean, bytes: Buffer, file: string, at: number, length: number): void {
    if (at <= 0 || at > bytes.length) return;
    const there = bytes.subarray(at, at + length);
    this.#pipes.data(file, isOrig, there, length - there.length);
  }

  #tell(action: string, file: Partial<Opened>, facts: object = {}): void {
    const { path, name, size, isFolder } = file;
    this.#context.emit(
      logRecord(this.#context, 'smb_files', { action, is_folder: isFolder, path, name, size, ...facts }),
    );
  }
}
