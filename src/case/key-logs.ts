import { closeSync, openSync, readSync } from 'node:fs';
import { readContent } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import { KeyLog, looksLikeKeyLog, type TlsSecrets } from '../collect/tls-secrets.ts';
import type { EvidenceRow, ReadStore } from '../store/store.ts';
import { sourceById } from './find-source.ts';
import { leavesOf } from './read-again.ts';

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
    const sourceOf = new Map(this.#rows.map(({ path, source }) => [path, source]));
    for await (const leaf of leavesOf(this.#rows, context)) {
      const source = sourceOf.get(leaf.path) ?? null;
      if (source !== null) await this.add(leaf, source);
    }
  }
}

/** Captures among the contents with connections that secrets which have come since may open. */
export async function encryptedCaptures(store: ReadStore, rows: readonly EvidenceRow[]): Promise<number[]> {
  const captures = new Set(rows.filter(isCapture).map((row) => row.evidence_id));
  if (captures.size === 0) return [];
  const found = await store.query('SELECT DISTINCT evidence_id FROM tls WHERE NOT tls_decrypted');
  return found.map((row) => Number(row['evidence_id'])).filter((id) => captures.has(id));
}

function isCapture({ source }: LedgerEntry): boolean {
  return source !== null && sourceById(source)?.extract !== undefined;
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
