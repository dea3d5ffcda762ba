import { createReadStream } from 'node:fs';
import { VakthundError } from '../../../../base/errors.ts';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { quote, type Problem } from '../../../../base/problem.ts';
import { decompressed } from '../../decompress.ts';
import { member, parseJson, sizeOf, textOf } from '../../json.ts';
import type { FileTree } from '../../../tree/tree.ts';

const fileType = 1;
const segmentType = 2;
/** A segment holds the headers between two files: some extended ones, each of a megabyte at most. */
const maxLineBytes = 2 ** 24;
const chunkBytes = 2 ** 20;

/**
 * The tar of a layer as it was when it came to this machine: engines keep its headers (tar-split, one JSON object a line, gzip),
 * and its files in a folder. A file that is gone or has another size is filled up with zeros and told; the digest of the whole then
 * tells that it was changed.
 */
export async function* reassemble(
  splitPath: string,
  folder: FileTree,
  tell: (problem: Problem) => void,
): AsyncGenerator<Buffer> {
  for await (const line of linesOf(decompressed(createReadStream(splitPath, { highWaterMark: chunkBytes })))) {
    const entry = parseJson(line, 'list of a layer');
    const type = member(entry, 'type');
    if (type === segmentType) yield Buffer.from(textOf(member(entry, 'payload')) ?? '', 'base64');
    else if (type === fileType && sizeOf(member(entry, 'size')) > 0) {
      yield* contentOf(folder, nameOf(entry), sizeOf(member(entry, 'size')), tell);
    }
  }
}

/** Names that are no UTF-8 stand in a second member, in base 64. */
function nameOf(entry: unknown): string {
  return textOf(member(entry, 'name')) ?? decodeUtf8(Buffer.from(textOf(member(entry, 'name_raw')) ?? '', 'base64'));
}

function* contentOf(folder: FileTree, name: string, size: number, tell: (problem: Problem) => void): Generator<Buffer> {
  const actual = folder.stat(name)?.size;
  if (actual !== size) {
    const what = actual === undefined ? 'is gone' : `has ${actual} bytes in place of ${size}`;
    const message = `the file ${quote(name)} of the layer ${what} in the store`;
    tell({ code: 'checksum-mismatch', at: { path: folder.name }, message });
  }
  for (let at = 0; at < size; at += chunkBytes) {
    const length = Math.min(chunkBytes, size - at);
    const part = folder.readAt(name, at, length) ?? Buffer.alloc(0);
    yield part.length === length ? part : Buffer.concat([part, Buffer.alloc(length - part.length)]);
  }
}

async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    let from = 0;
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      parts.push(chunk.subarray(from, end));
      yield Buffer.concat(parts);
      parts = [];
      length = 0;
      from = end + 1;
    }
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length > maxLineBytes) throw new VakthundError('EVIDENCE_LIMIT', 'a line in the list of a layer is too long');
  }
  if (length > 0) yield Buffer.concat(parts);
}
