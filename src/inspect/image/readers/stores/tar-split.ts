import { createReadStream } from 'node:fs';
import { VakthundError } from '../../../../base/errors.ts';
import { decodeUtf8 } from '../../../../base/bytes.ts';
import { decompressed } from '../../../../base/decompress.ts';
import { Crc64 } from './crc64.ts';
import { member, parseJson, sizeOf, textOf } from '../../json.ts';
import type { FileTree } from '../../../tree/tree.ts';

const fileType = 1;
const segmentType = 2;
/** A segment holds the headers between two files: some extended ones, each of a megabyte at most. */
const maxLineBytes = 2 ** 24;
const chunkBytes = 2 ** 20;

/** How a file of a layer is not what it was. */
export interface FileChange {
  readonly name: string;
  /** `is gone`, `has 5 bytes in place of 4`, `has other content`. */
  readonly what: string;
}

/**
 * The tar of a layer as it was when it came to this machine: engines keep its headers (tar-split, one JSON object a line, gzip),
 * and its files in a folder. A file that is gone or has another size is cut, or filled up with zeros, and told.
 */
export async function* reassemble(
  splitPath: string,
  folder: FileTree,
  tell: (change: FileChange) => void,
): AsyncGenerator<Buffer> {
  for await (const { type, name, size, payload } of entriesOf(splitPath)) {
    if (type === segmentType) yield Buffer.from(payload, 'base64');
    else if (type === fileType && size > 0) {
      const actual = folder.stat(name)?.size;
      if (actual === undefined) tell({ name, what: 'is gone' });
      else if (actual !== size) tell({ name, what: `has ${actual} bytes in place of ${size}` });
      yield* contentOf(folder, name, size);
    }
  }
}

/**
 * Files of the right size that have other content: the list has a checksum (CRC-64) of each. It does not stop those who know of it;
 * the digest of the layer has told already that something was changed.
 */
export async function* changedFiles(splitPath: string, folder: FileTree): AsyncGenerator<FileChange> {
  for await (const { type, name, size, payload } of entriesOf(splitPath)) {
    if (type !== fileType || size === 0 || payload === '' || folder.stat(name)?.size !== size) continue;
    const crc = new Crc64();
    for (const part of contentOf(folder, name, size)) crc.update(part);
    if (crc.digest().toString('base64') !== payload) yield { name, what: 'has other content' };
  }
}

interface SplitEntry {
  readonly type: number;
  readonly name: string;
  readonly size: number;
  /** Base 64: bytes of a segment, checksum of a file. */
  readonly payload: string;
}

async function* entriesOf(path: string): AsyncGenerator<SplitEntry> {
  for await (const line of linesOf(decompressed(createReadStream(path, { highWaterMark: chunkBytes })))) {
    const entry = parseJson(line, 'list of a layer');
    yield {
      type: sizeOf(member(entry, 'type')),
      name: nameOf(entry),
      size: sizeOf(member(entry, 'size')),
      payload: textOf(member(entry, 'payload')) ?? '',
    };
  }
}

/** Names that are no UTF-8 stand in a second member, in base 64. */
function nameOf(entry: unknown): string {
  return textOf(member(entry, 'name')) ?? decodeUtf8(Buffer.from(textOf(member(entry, 'name_raw')) ?? '', 'base64'));
}

function* contentOf(folder: FileTree, name: string, size: number): Generator<Buffer> {
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
