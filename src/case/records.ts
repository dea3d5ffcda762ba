import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VakthundError } from '../base/errors.ts';
import { decodeUtf8 } from '../base/bytes.ts';
import { silentLogger } from '../base/logger.ts';
import { formatIso } from '../base/time.ts';
import { readContent, readFile } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { readLines } from '../collect/lines.ts';
import { contentStart, type Source } from '../collect/source.ts';
import { sources } from '../collect/sources/registry.generated.ts';
import type { TlsSecrets } from '../collect/tls-secrets.ts';
import type { VakthundEvent } from '../events/event.ts';
import { KeyLogs, type LedgerEntry } from './key-logs.ts';
import { outerFile } from './read-again.ts';

/** Lines or events shown at a time. */
const maxLines = 1000;

/** Records `first` to `last`, counted from 1. */
export interface RecordRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Records of a content in the ledger, read from the evidence itself, and the file's SHA-256 now. Lines stand as they are;
 * of a binary format each event that was made of such a record is one line of JSON. `sourceId` is what the ledger has; the
 * key logs among the rest of it open what was decrypted.
 */
export async function readRecords(
  path: string,
  sourceId: string | null,
  range: RecordRange,
  ledger: readonly LedgerEntry[] = [],
): Promise<{ lines: string[]; sha256: string }> {
  const filePath = outerFile(path);
  const hash = createHash('sha256');
  for await (const chunk of readFile(filePath)) hash.update(chunk);
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-show-'));
  try {
    for await (const result of openFile(filePath, { limits: defaultOpenLimits, spoolFolder })) {
      if (!('leaf' in result) || result.leaf.path !== path) continue;
      const wanted = { first: range.first, last: Math.min(range.last, range.first + maxLines - 1) };
      const source = Object.values<Source>(sources).find(({ id }) => id === sourceId);
      const isBinary = source?.isBinary === true;
      const lines = await (isBinary
        ? eventsOf(result.leaf, source, wanted, await secretsOf(ledger, spoolFolder))
        : linesOf(result.leaf, wanted));
      return { lines, sha256: hash.digest('hex') };
    }
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
  throw new VakthundError('NOT_FOUND', `"${path}" is not there any more`);
}

function secretsOf(ledger: readonly LedgerEntry[], spoolFolder: string): Promise<TlsSecrets> {
  return new KeyLogs(ledger, defaultOpenLimits, spoolFolder).secrets();
}

async function eventsOf(
  leaf: Leaf,
  source: Source,
  { first, last }: RecordRange,
  secrets: TlsSecrets,
): Promise<string[]> {
  const lines: string[] = [];
  const content = readContent(leaf.diskPath, leaf.compression, defaultOpenLimits, () => undefined);
  const context = { name: leaf.path, start: contentStart, growing: false, secrets, logger: silentLogger };
  for await (const { events, checkpoint } of source.decode(content, context)) {
    for (const event of events) {
      const at = event.evidence_at ?? 0;
      if (at >= first && at <= last) lines.push(eventText(event));
    }
    if (checkpoint.line >= last || lines.length >= maxLines) break;
  }
  return lines;
}

/** Columns that hold something, with the fields of the record as they are. */
function eventText(event: VakthundEvent): string {
  const known = Object.entries(event).filter(([name, value]) => value !== null && name !== 'evidence_id');
  const columns = known.map(([name, value]) => {
    const isJson = name === 'fields';
    const shown = name === 'time' ? formatIso(Number(value)) : value;
    return `${JSON.stringify(name)}:${isJson ? String(value) : JSON.stringify(shown)}`;
  });
  return `{${columns.join(',')}}`;
}

async function linesOf(leaf: Leaf, { first, last }: RecordRange): Promise<string[]> {
  const lines: string[] = [];
  const content = readContent(leaf.diskPath, leaf.compression, defaultOpenLimits, () => undefined);
  for await (const block of readLines(content, { start: { byte: 0, line: 0 }, growing: false })) {
    const from = Math.max(0, first - block.firstLine);
    for (let index = from; index < block.count && block.firstLine + index <= last; index++) {
      lines.push(decodeUtf8(block.bytes.subarray(block.starts[index], block.ends[index])));
    }
    if (block.firstLine + block.count > last) break;
  }
  return lines;
}
