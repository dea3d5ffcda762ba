import type { Problem } from '../../../../base/problem.ts';
import type { VakthundEvent } from '../../../../events/event.ts';
import { CaptureDecoder } from '../capture-decoder.ts';
import type { FilePosition } from '../files/capture-file.ts';
import type { ChecksumPolicy } from '../flows/tracker.ts';
import { protocols } from '../protocols/registry.generated.ts';
import { IndexRecorder, type PartIndex } from './part-index.ts';
import type { PartOfCapture } from './share.ts';

/** What a part needs to begin: plain values, because it is handed to another thread. */
export interface PartOptions extends PartOfCapture {
  readonly checksums: ChecksumPolicy;
  readonly from: { readonly position: FilePosition; readonly packets: number } | undefined;
  readonly isIndexed: boolean;
}

/** What a part makes of a chunk. */
export interface PartPortion {
  readonly events: readonly VakthundEvent[];
  /** Packets that gave events, each with the number of events up to there, in turn. */
  readonly marks: readonly number[];
  readonly problems: readonly Problem[];
  readonly index: PartIndex | undefined;
  /** After the last chunk: where the reading stopped. */
  readonly end?: { readonly position: FilePosition | undefined; readonly packets: number };
}

/** Reads one part of a capture. */
export class PartReader {
  readonly #decoder: CaptureDecoder;
  readonly #recorder: IndexRecorder | undefined;
  #marks: number[] = [];
  #marked = 0;

  constructor({ part, parts, checksums, from, isIndexed }: PartOptions) {
    this.#recorder = isIndexed ? new IndexRecorder() : undefined;
    this.#decoder = new CaptureDecoder({
      protocols: Object.values(protocols),
      checksums,
      part: { part, parts },
      afterFrame: (packet, events) => this.#mark(packet, events),
      ...(this.#recorder === undefined ? {} : { index: this.#recorder }),
      ...(from === undefined ? {} : { from }),
    });
  }

  read(chunk: Uint8Array): PartPortion {
    this.#decoder.push(chunk);
    return this.#take(false);
  }

  finish(): PartPortion {
    this.#decoder.finish();
    this.#mark(Infinity, this.#decoder.pendingEvents);
    const { position, packets } = this.#decoder;
    return { ...this.#take(true), end: { position, packets } };
  }

  #mark(packet: number, events: number): void {
    if (events === this.#marked) return;
    this.#marked = events;
    this.#marks.push(packet, events);
  }

  #take(atEnd: boolean): PartPortion {
    const marks = this.#marks;
    this.#marks = [];
    this.#marked = 0;
    const events = this.#decoder.takeEvents();
    return { events, marks, problems: this.#decoder.takeProblems(atEnd), index: this.#recorder?.take() };
  }
}
