import type duckdb from '@duckdb/node-bindings';
import { columnEntries, kindIds, type KindId, type VakthundEvent } from '../../events/event.ts';
import type { EventBatch } from '../store.ts';
import { ChunkBuilder, type WriteColumn } from './chunk-writer.ts';

export function kindColumns(kind: KindId): readonly WriteColumn[] {
  return columnEntries(kind).map(([name, { type }]) => ({ name, type }));
}

/**
 * Memory of one kind that is used again: a chunk takes as much for one row as for all, and so do the columns of rows that
 * wait for one.
 */
class KindMemory {
  readonly #columns: readonly WriteColumn[];
  readonly #builders: ChunkBuilder[] = [];
  readonly #chunks: duckdb.DataChunk[] = [];
  #released = 0;

  constructor(kind: KindId) {
    this.#columns = kindColumns(kind);
  }

  builder(): ChunkBuilder {
    return this.#builders.pop() ?? new ChunkBuilder(this.#columns);
  }

  chunk(): duckdb.DataChunk | undefined {
    return this.#chunks.pop();
  }

  /** Takes back what was written. */
  release(builder: ChunkBuilder, chunks: readonly duckdb.DataChunk[]): void {
    builder.forgetUsed();
    this.#builders.push(builder);
    this.#chunks.push(...chunks);
    this.#released += chunks.length;
  }

  /** Of the chunks that wait, keeps as many as were used since it was asked before, or half. */
  settle(): void {
    this.#chunks.length = Math.max(Math.min(this.#released, this.#chunks.length), this.#chunks.length >> 1);
    this.#released = 0;
  }
}

/** Memory for the batches of a store, made when it is first needed. */
export class BatchMemory {
  readonly #kinds = new Map<KindId, KindMemory>();

  of(kind: KindId): KindMemory {
    let memory = this.#kinds.get(kind);
    if (memory === undefined) {
      memory = new KindMemory(kind);
      this.#kinds.set(kind, memory);
    }
    return memory;
  }

  /** After each commit: the memory of a large one must not stay with a process that goes on with small ones. */
  settle(): void {
    for (const memory of this.#kinds.values()) memory.settle();
  }
}

/** Rows of one kind: chunks that are full, and the rows that do not fill one yet. */
class KindRows {
  readonly chunks: duckdb.DataChunk[] = [];
  readonly #memory: KindMemory;
  #builder: ChunkBuilder | undefined;
  count = 0;

  constructor(memory: KindMemory) {
    this.#memory = memory;
  }

  add(event: VakthundEvent): void {
    this.#builder ??= this.#memory.builder();
    this.#builder.add(event);
    this.count++;
    if (this.#builder.isFull) this.pack();
  }

  pack(): void {
    if (this.#builder === undefined || this.#builder.count === 0) return;
    this.chunks.push(this.#builder.take(this.#memory.chunk()));
  }

  /** Names of the columns that are not null in all rows. */
  get used(): readonly string[] {
    return this.#builder?.used ?? [];
  }

  clear(): void {
    if (this.#builder !== undefined) this.#memory.release(this.#builder, this.chunks);
    this.#builder = undefined;
    this.chunks.length = 0;
    this.count = 0;
  }
}

/** Events as columns: in DuckDB's memory, and of each kind no more than a vector of them on the way there. */
export class ChunkedEvents implements EventBatch {
  readonly #evidenceId: number;
  readonly #memory: BatchMemory;
  readonly #kinds = new Map<KindId, KindRows>();
  #count = 0;

  constructor(evidenceId: number, memory: BatchMemory) {
    this.#evidenceId = evidenceId;
    this.#memory = memory;
  }

  get count(): number {
    return this.#count;
  }

  add(events: readonly VakthundEvent[]): void {
    for (const event of events) {
      event.evidence_id = this.#evidenceId;
      let rows = this.#kinds.get(event.kind);
      if (rows === undefined) {
        rows = new KindRows(this.#memory.of(event.kind));
        this.#kinds.set(event.kind, rows);
      }
      rows.add(event);
    }
    this.#count += events.length;
  }

  /** Everything that was added, by kind in the order of the kinds. */
  takeAll(): KindChunks[] {
    return kindIds.flatMap((kind) => {
      const rows = this.#kinds.get(kind);
      if (rows === undefined || rows.count === 0) return [];
      rows.pack();
      return [{ kind, count: rows.count, chunks: rows.chunks, used: rows.used }];
    });
  }

  /** The rows stand in the store: the memory is free for others. */
  clear(): void {
    for (const rows of this.#kinds.values()) rows.clear();
    this.#count = 0;
  }
}

export interface KindChunks {
  readonly kind: KindId;
  readonly count: number;
  readonly chunks: readonly duckdb.DataChunk[];
  /** The columns that are not null in all rows. */
  readonly used: readonly string[];
}
