import { createHash } from 'node:crypto';
import { formatBytes } from '../../base/bytes.ts';
import { messageOf } from '../../base/errors.ts';
import type { ProblemCode } from '../../base/problem.ts';
import { compressionOf, decompressed } from '../../base/decompress.ts';
import type { LayerSource } from './image-source.ts';
import { isOverExpanded, type ImageLimits } from './limits.ts';
import type { DiskSection, Spool } from './spool.ts';
import { TarReader } from './tar/tar-reader.ts';
import type { LayerIndex } from './tree/layer-index.ts';

export type TellLayerProblem = (code: ProblemCode, message: string, byte?: number) => void;

export interface LayerContext {
  readonly index: LayerIndex;
  readonly limits: ImageLimits;
  /** Of all layers: bytes that may still be read, and those that were read so far as they are stored and unpacked. */
  readonly budget: LayerBudget;
  /** Where uncompressed layers go that do not stand on disk. */
  readonly spool: () => Spool;
  readonly tell: TellLayerProblem;
  readonly signal: AbortSignal | undefined;
}

export interface LayerBudget {
  bytes: number;
  stored: number;
  unpacked: number;
}

/** A layer that was read: where its tar stands, and what was measured while reading. */
export interface ReadLayer {
  readonly tar: DiskSection;
  readonly entries: number;
  readonly storedSize: number;
  /** Undefined when it was not read to its end. */
  readonly storedDigest: string | undefined;
  readonly diffId: string | undefined;
  /** The source itself said so, whatever the digests say. */
  readonly isChanged: boolean;
}

/**
 * Reads a layer once from start to end: digests are computed, its names go into the index, and its uncompressed bytes into the
 * spool unless they stand on disk as they are. Damage ends the layer early with a problem.
 */
export async function readLayer(source: LayerSource, context: LayerContext): Promise<ReadLayer> {
  const walk = new LayerWalk(context);
  const { section } = source;
  const head = Buffer.alloc(6);
  if (section !== undefined) section.fill(head, 0, head.length, 0);
  if (section !== undefined && compressionOf(head) === 'none') {
    await walk.run(section.chunks());
    context.budget.stored += section.size;
    const digest = walk.digest();
    return {
      tar: section,
      entries: walk.entries,
      storedSize: section.size,
      storedDigest: digest,
      diffId: digest,
      isChanged: false,
    };
  }
  const spool = context.spool();
  const start = spool.size;
  let isChanged = false;
  const stored = new Measured(
    source.open((change) => {
      isChanged = true;
      context.tell('checksum-mismatch', change);
    }),
  );
  await walk.run(decompressed(stored), { spool, stored });
  context.budget.stored += stored.size;
  spool.settle();
  const diffId = walk.digest();
  return {
    tar: spool.section(start, spool.size - start),
    entries: walk.entries,
    storedSize: stored.size,
    storedDigest: diffId === undefined ? undefined : stored.digest(),
    diffId,
    isChanged,
  };
}

/** Bytes that are hashed and counted while they pass. */
class Measured implements AsyncIterable<Buffer> {
  readonly #source: AsyncIterator<Buffer> | Iterator<Buffer>;
  readonly #hash = createHash('sha256');
  size = 0;

  constructor(source: Iterable<Buffer> | AsyncIterable<Buffer>) {
    this.#source = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    try {
      for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
        this.#hash.update(next.value);
        this.size += next.value.length;
        yield next.value;
      }
    } finally {
      await this.#source.return?.();
    }
  }

  digest(): string {
    return `sha256:${this.#hash.digest('hex')}`;
  }
}

/** Where the unpacked bytes of a layer go, and how many packed ones they came from so far. */
interface Packed {
  readonly spool: Spool;
  readonly stored: Measured;
}

function tooExpanded(size: number, { expansion, expansionFloor }: ImageLimits): string {
  const grown = `the layers grow to more than ${expansion} times what is stored, and ${formatBytes(expansionFloor)}`;
  return `${grown}: what comes after the first ${formatBytes(size)} of this one was not read`;
}

/** One pass over the uncompressed bytes of a layer. */
class LayerWalk {
  readonly #context: LayerContext;
  readonly #hash = createHash('sha256');
  readonly #reader: TarReader;
  entries = 0;
  #isWhole = false;
  #isFull = false;

  constructor(context: LayerContext) {
    this.#context = context;
    const { index, limits, tell } = context;
    index.beginLayer((code, message) => tell(code, message));
    this.#reader = new TarReader({
      member: (member) => {
        if (!index.isFull) {
          if (index.add(member)) this.entries++;
        } else if (!this.#isFull) {
          this.#isFull = true;
          tell(
            'limit-reached',
            `the image has more than ${limits.entries} names, or too long ones; the rest was not looked at`,
          );
        }
      },
      problem: (code, byte, message) => tell(code, message, byte),
    });
  }

  async run(bytes: Iterable<Buffer> | AsyncIterable<Buffer>, packed?: Packed): Promise<void> {
    const { budget, limits, tell, signal } = this.#context;
    let size = 0;
    try {
      for await (const chunk of bytes) {
        signal?.throwIfAborted();
        budget.bytes -= chunk.length;
        if (budget.bytes < 0) {
          tell('limit-reached', `the layers have more than ${formatBytes(limits.bytes)}; the rest was not read`, size);
          return;
        }
        budget.unpacked += chunk.length;
        if (packed !== undefined && isOverExpanded(budget.stored + packed.stored.size, budget.unpacked, limits)) {
          tell('limit-reached', tooExpanded(size, limits), size);
          return;
        }
        this.#hash.update(chunk);
        packed?.spool.append(chunk);
        this.#reader.push(chunk);
        size += chunk.length;
      }
    } catch (error) {
      signal?.throwIfAborted();
      const isDiskFull = error instanceof Error && 'code' in error && error.code === 'ENOSPC';
      tell(isDiskFull ? 'limit-reached' : 'decompress-failed', `the layer ends early: ${messageOf(error)}`, size);
      return;
    }
    this.#reader.end();
    this.#isWhole = true;
  }

  digest(): string | undefined {
    return this.#isWhole ? `sha256:${this.#hash.digest('hex')}` : undefined;
  }
}
