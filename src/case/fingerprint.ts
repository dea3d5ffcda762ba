import { createHash } from 'node:crypto';
import { readContent, readFile } from '../collect/open/content.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { OpenLimits } from '../collect/open/limits.ts';
import type { Problem } from '../base/problem.ts';

/** Bytes of content that `head_sha256` covers; less when the content is shorter. */
export const headHashBytes = 1024;

/** What identifies a content, learnt in one pass over it. */
export interface Fingerprint {
  readonly size: number;
  readonly contentSha256: string;
  /** Of the file that it stands in; the same for a plain file. */
  readonly fileSha256: string;
  readonly headSha256: string;
  /** SHA-256 of the first n bytes, for each n that was asked for and is not beyond the end. */
  readonly prefixes: ReadonlyMap<number, string>;
  /** Offset just after the last line end, and how many line ends there are. */
  readonly lastLineStart: number;
  readonly lineEnds: number;
  /** The first bytes, for telling the format. */
  readonly head: Buffer;
  readonly problems: readonly Problem[];
}

const detectBytes = 65_536;
const newline = 10;

/** Reads a content once. `prefixSizes`: sizes of known contents that this one may have grown from. */
export async function fingerprint(
  leaf: Leaf,
  limits: OpenLimits,
  prefixSizes: readonly number[],
  onBytes: (bytes: number) => void,
): Promise<Fingerprint> {
  const problems: Problem[] = [];
  const hash = createHash('sha256');
  const marks = [...new Set(prefixSizes)].sort((a, b) => a - b);
  const prefixes = new Map<number, string>();
  const headParts: Uint8Array[] = [];
  let mark = 0;
  let size = 0;
  let lineEnds = 0;
  let lastLineStart = 0;
  for await (const chunk of readContent(leaf.diskPath, leaf.compression, limits, (problem) => problems.push(problem))) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (size < detectBytes) headParts.push(Buffer.from(bytes.subarray(0, detectBytes - size)));
    let from = 0;
    for (let next = marks[mark]; next !== undefined && next <= size + bytes.length; next = marks[++mark]) {
      hash.update(bytes.subarray(from, next - size));
      from = next - size;
      prefixes.set(next, hash.copy().digest('hex'));
    }
    hash.update(bytes.subarray(from));
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) {
      lineEnds++;
      lastLineStart = size + at + 1;
    }
    size += bytes.length;
    onBytes(bytes.length);
  }
  const head = Buffer.concat(headParts);
  const contentSha256 = hash.digest('hex');
  const isWhole = leaf.compression === 'none' && leaf.diskPath === leaf.filePath;
  return {
    size,
    contentSha256,
    fileSha256: isWhole ? contentSha256 : await hashFile(leaf.filePath),
    headSha256: createHash('sha256').update(head.subarray(0, headHashBytes)).digest('hex'),
    prefixes,
    lastLineStart,
    lineEnds,
    head,
    problems,
  };
}

const fileHashes = new Map<string, Promise<string>>();

/** SHA-256 of an archive file, computed once while its members are read. */
async function hashFile(path: string): Promise<string> {
  const known = fileHashes.get(path);
  if (known !== undefined) return known;
  const running = (async () => {
    const hash = createHash('sha256');
    for await (const chunk of readFile(path)) hash.update(chunk);
    return hash.digest('hex');
  })();
  fileHashes.clear();
  fileHashes.set(path, running);
  return running;
}
