import type duckdb from '@duckdb/node-bindings';
import { columnEntries, kindIds, type KindId, type VakthundEvent } from '../../events/event.ts';
import type { EventBatch } from '../store.ts';
import { ChunkPacker, vectorSize } from './chunk-writer.ts';

/** Packers of the kinds, made when they are first needed. */
export class EventPackers {
  readonly #packers = new Map<KindId, ChunkPacker>();

  of(kind: KindId): ChunkPacker {
    let packer = this.#packers.get(kind);
    if (packer === undefined) {
      packer = new ChunkPacker(columnEntries(kind).map(([name, { type }]) => ({ name, type })));
      this.#packers.set(kind, packer);
    }
    return packer;
  }

  /** After each commit: the memory of a large one must not stay with a process that goes on with small ones. */
  settle(): void {
    for (const packer of this.#packers.values()) packer.settle();
  }
}

/** Rows of one kind: chunks that are full, and events that do not fill one yet. */
class KindRows {
  readonly chunks: duckdb.DataChunk[] = [];
  readonly #packer: ChunkPacker;
  #waiting: VakthundEvent[] = [];
  count = 0;

  constructor(packer: ChunkPacker) {
    this.#packer = packer;
  }

  add(event: VakthundEvent): void {
    this.#waiting.push(event);
    this.count++;
    if (this.#waiting.length === vectorSize) this.pack();
  }

  pack(): void {
    if (this.#waiting.length === 0) return;
    this.chunks.push(this.#packer.pack(this.#waiting, 0, this.#waiting.length));
    this.#waiting = [];
  }

  clear(): void {
    this.#packer.release(this.chunks);
    this.chunks.length = 0;
    this.count = 0;
  }
}

/** Events as columns in DuckDB's memory. Of each kind no more than a vector of them waits as objects. */
export class ChunkedEvents implements EventBatch {
  readonly #evidenceId: number;
  readonly #packers: EventPackers;
  readonly #kinds = new Map<KindId, KindRows>();
  #count = 0;

  constructor(evidenceId: number, packers: EventPackers) {
    this.#evidenceId = evidenceId;
    this.#packers = packers;
  }

  get count(): number {
    return this.#count;
  }

  add(events: readonly VakthundEvent[]): void {
    for (const event of events) {
      event.evidence_id = this.#evidenceId;
      let rows = this.#kinds.get(event.kind);
      if (rows === undefined) {
        rows = new KindRows(this.#packers.of(event.kind));
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
      return [{ kind, count: rows.count, chunks: rows.chunks }];
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
}
