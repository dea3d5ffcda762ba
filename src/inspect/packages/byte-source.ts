import type { FileTree } from '../tree/tree.ts';

/** Bytes that are asked for in places; a `Buffer` is one. */
export interface ByteSource {
  readonly length: number;
  /** From `start` up to `end`, fewer at the end of all. Valid as long as it is kept, and not to be written to. */
  subarray(start: number, end: number): Buffer;
}

const blockBytes = 1 << 16;
/** 4 MiB: pages of databases and the chains that lead on from them lie here and there. */
const maxBlocks = 64;

/** A file of a tree of which only the blocks that were asked for last are in memory. What cannot be read is zeros: the tree says why. */
export class FileBytes implements ByteSource {
  readonly length: number;
  readonly #tree: FileTree;
  readonly #path: string;
  /** By their number, the one that was asked for last at the end. */
  readonly #blocks = new Map<number, Buffer>();

  constructor(tree: FileTree, path: string, length: number) {
    this.#tree = tree;
    this.#path = path;
    this.length = length;
  }

  subarray(start: number, end: number): Buffer {
    const from = Math.max(0, Math.min(start, this.length));
    const to = Math.max(from, Math.min(end, this.length));
    const number = Math.floor(from / blockBytes);
    const at = from - number * blockBytes;
    if (at + to - from > blockBytes) return this.#read(from, to - from);
    return this.#block(number).subarray(at, at + to - from);
  }

  #block(number: number): Buffer {
    const known = this.#blocks.get(number);
    if (known !== undefined) this.#blocks.delete(number);
    const start = number * blockBytes;
    const block = known ?? this.#read(start, Math.min(blockBytes, this.length - start));
    this.#blocks.set(number, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > maxBlocks && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }

  #read(start: number, length: number): Buffer {
    const bytes = this.#tree.readAt(this.#path, start, length) ?? Buffer.alloc(0);
    return bytes.length === length ? bytes : Buffer.concat([bytes], length);
  }
}
