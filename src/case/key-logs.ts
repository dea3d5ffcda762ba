import { closeSync, openSync, readSync } from 'node:fs';
import { readContent } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { KeyLog, looksLikeKeyLog, type TlsSecrets } from '../collect/tls-secrets.ts';
import type { EvidenceRow } from '../store/store.ts';
import { sourceById } from './find-source.ts';

const headBytes = 4096;

/** What the ledger says of a content, as far as it matters here. */
export type LedgerEntry = Pick<EvidenceRow, 'path' | 'source'>;

/**
 * Secrets of TLS sessions for the captures of a case: of every key log in the ledger, read from its file when the first capture asks.
 * They are held in memory only.
 */
export class KeyLogs {
  readonly #rows: readonly LedgerEntry[];
  readonly #limits: OpenLimits;
  readonly #spoolFolder: string;
  readonly #keyLog = new KeyLog();
  #loading: Promise<void> | undefined;

  constructor(rows: readonly LedgerEntry[], limits: OpenLimits, spoolFolder: string) {
    this.#rows = rows.filter(({ source }) => source !== null && sourceById(source)?.readSecrets !== undefined);
    this.#limits = limits;
    this.#spoolFolder = spoolFolder;
  }

  /** Takes in a key log that has come. */
  async add(leaf: Leaf, source: string): Promise<void> {
    const content = readContent(leaf.diskPath, leaf.compression, this.#limits, () => undefined);
    await sourceById(source)?.readSecrets?.(content, this.#keyLog);
  }

  async secrets(): Promise<TlsSecrets> {
    this.#loading ??= this.#load();
    await this.#loading;
    return this.#keyLog;
  }

  /** Files that are gone have had their problem when they were read. */
  async #load(): Promise<void> {
    const context = { limits: this.#limits, spoolFolder: this.#spoolFolder };
    for (const { path, source } of this.#rows) {
      for await (const result of openFile(path.split('!')[0] ?? path, context)) {
        if ('leaf' in result && result.leaf.path === path && source !== null) await this.add(result.leaf, source);
      }
    }
  }
}

/** Files with key logs before the others, so that the captures among these find their secrets. */
export function keyLogsFirst<T extends { readonly file: string }>(files: readonly T[]): T[] {
  const isKeyLog = new Map(files.map((entry) => [entry, looksLikeKeyLog(headOf(entry.file))]));
  return [...files.filter((entry) => isKeyLog.get(entry)), ...files.filter((entry) => !isKeyLog.get(entry))];
}

/** The first bytes of a file; none of one that cannot be read, which is told when it is opened for its content. */
function headOf(path: string): Buffer {
  const head = Buffer.alloc(headBytes);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return head.subarray(0, readSync(descriptor, head, 0, headBytes, 0));
  } catch {
    return head.subarray(0, 0);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
