import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VakthundError } from '../base/errors.ts';
import { decodeUtf8 } from '../base/bytes.ts';
import { readContent, readFile } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import { defaultOpenLimits } from '../collect/open/limits.ts';
import { openFile } from '../collect/open/open-file.ts';
import { readLines } from '../collect/lines.ts';

/** Lines shown at a time. */
const maxLines = 1000;

/** Lines `first` to `last` (from 1) of a content in the ledger, read from the evidence itself, and the file's SHA-256 now. */
export async function readRecords(
  path: string,
  first: number,
  last: number,
): Promise<{ lines: string[]; sha256: string }> {
  const filePath = path.split('!')[0] ?? path;
  const hash = createHash('sha256');
  for await (const chunk of readFile(filePath)) hash.update(chunk);
  const spoolFolder = mkdtempSync(join(tmpdir(), 'vakthund-show-'));
  try {
    for await (const result of openFile(filePath, { limits: defaultOpenLimits, spoolFolder })) {
      if (!('leaf' in result) || result.leaf.path !== path) continue;
      return {
        lines: await linesOf(result.leaf, first, Math.min(last, first + maxLines - 1)),
        sha256: hash.digest('hex'),
      };
    }
  } finally {
    rmSync(spoolFolder, { recursive: true, force: true });
  }
  throw new VakthundError('NOT_FOUND', `"${path}" is not there any more`);
}

async function linesOf(leaf: Leaf, first: number, last: number): Promise<string[]> {
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
