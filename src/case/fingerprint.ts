import { createHash, type Hash } from 'node:crypto';
import { readContent, readPieces } from '../collect/open/content.ts';
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

/** Bytes of a content that its format is told by. */
export const detectBytes = 65_536;
const newline = 10;

/** What has been read of a file that is followed: the next look goes on from there. */
export interface ReadSoFar {
  readonly size: number;
  readonly contentSha256: string;
  readonly hash: Hash;
  readonly head: Buffer;
  readonly lineEnds: number;
  readonly lastLineStart: number;
}

/**
 * Reads a content once. `prefixSizes`: sizes of known contents that this one may have grown from. `before`: what an earlier look has
 * read of this very file, which has only grown since; of the prefixes then only its own size is told.
 */
export async function fingerprint(
  leaf: Leaf,
  limits: OpenLimits,
  prefixSizes: readonly number[],
  onBytes: (bytes: number) => void,
  before?: ReadSoFar,
): Promise<Fingerprint & { readonly soFar: ReadSoFar }> {
  const problems: Problem[] = [];
  const hash = before === undefined ? createHash('sha256') : before.hash.copy();
  const marks = before === undefined ? [...new Set(prefixSizes)].sort((a, b) => a - b) : [];
  const prefixes = new Map<number, string>();
  if (before !== undefined) prefixes.set(before.size, before.contentSha256);
  const headParts: Uint8Array[] = before === undefined ? [] : [before.head];
  let mark = 0;
  let { size, lineEnds, lastLineStart } = before ?? { size: 0, lineEnds: 0, lastLineStart: 0 };
  const content =
    before !== undefined || leaf.compression === 'none'
      ? readPieces(leaf.diskPath, before?.size)
      : readContent(leaf.diskPath, leaf.compression, limits, (problem) => problems.push(problem));
  for await (const chunk of content) {
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
  const contentSha256 = hash.copy().digest('hex');
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
    soFar: { size, contentSha256, hash, head, lineEnds, lastLineStart },
  };
}

const fileHashes = new Map<string, Promise<string>>();

/** SHA-256 of an archive file, computed once while its members are read. */
async function hashFile(path: string): Promise<string> {
  const known = fileHashes.get(path);
  if (known !== undefined) return known;
  const running = (async () => {
    const hash = createHash('sha256');
    for await (const chunk of readPieces(path)) hash.update(chunk);
    return hash.digest('hex');
  })();
  fileHashes.clear();
  fileHashes.set(path, running);
  return running;
}
