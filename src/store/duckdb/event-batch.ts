import type duckdb from '@duckdb/node-bindings';
import type { Micros } from '../../base/time.ts';
import { columnEntries, kindIds, type KindId, type VakthundEvent } from '../../events/event.ts';
import type { RowWriter } from '../../events/row-sink.ts';
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

/** Places of the columns that the batch itself fills. */
interface OwnColumns {
  readonly evidenceId: number;
  readonly evidenceAt: number;
  readonly time: number;
}

function ownColumns(kind: KindId): OwnColumns {
  const names = columnEntries(kind).map(([name]) => name);
  return {
    evidenceId: names.indexOf('evidence_id'),
    evidenceAt: names.indexOf('evidence_at'),
    time: names.indexOf('time'),
  };
}

/** Rows of one kind: chunks that are full, and the rows that do not fill one yet. */
class KindRows {
  readonly chunks: duckdb.DataChunk[] = [];
  readonly #memory: KindMemory;
  readonly #own: OwnColumns;
  #builder: ChunkBuilder | undefined;
  count = 0;
  firstTime: Micros = Infinity;
  lastTime: Micros = -Infinity;

  constructor(kind: KindId, memory: KindMemory) {
    this.#memory = memory;
    this.#own = ownColumns(kind);
  }

  begin(evidenceId: number, at: number, time: number): RowWriter {
    const builder = this.#withRoom();
    builder.begin();
    builder.put(this.#own.evidenceId, evidenceId);
    builder.put(this.#own.evidenceAt, at);
    builder.put(this.#own.time, time);
    this.#see(time);
    return builder;
  }

  add(event: VakthundEvent): void {
    this.#withRoom().add(event);
    this.#see(event.time);
  }

  #see(time: Micros): void {
    if (time < this.firstTime) this.firstTime = time;
    if (time > this.lastTime) this.lastTime = time;
  }

  /** For one more row, which is counted. */
  #withRoom(): ChunkBuilder {
    if (this.#builder?.isFull === true) this.pack();
    this.count++;
    return (this.#builder ??= this.#memory.builder());
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
    this.firstTime = Infinity;
    this.lastTime = -Infinity;
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
      this.#rowsOf(event.kind).add(event);
    }
    this.#count += events.length;
  }

  begin(kind: KindId, at: number, time: number): RowWriter {
    this.#count++;
    return this.#rowsOf(kind).begin(this.#evidenceId, at, time);
  }

  #rowsOf(kind: KindId): KindRows {
    let rows = this.#kinds.get(kind);
    if (rows === undefined) {
      rows = new KindRows(kind, this.#memory.of(kind));
      this.#kinds.set(kind, rows);
    }
    return rows;
  }

  /** Everything that was added, by kind in the order of the kinds. */
  takeAll(): KindChunks[] {
    return kindIds.flatMap((kind) => {
      const rows = this.#kinds.get(kind);
      if (rows === undefined || rows.count === 0) return [];
      rows.pack();
      const { count, chunks, used, firstTime, lastTime } = rows;
      return [{ kind, count, chunks, used, firstTime, lastTime }];
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
  readonly firstTime: Micros;
  readonly lastTime: Micros;
}
