import type { EventOf } from '../../../../events/event.ts';
import type { CarriedContent } from '../../../source.ts';

/** Open files of a capture may be many; all together they may take so many times the bound of one. */
const openFactor = 8;

/** The content of one carried file, as far as it is kept. */
export interface KeptContent {
  /** Copies the bytes. */
  add(bytes: Uint8Array): void;
  /** Nothing that comes after this belongs to what came before. Where nothing came before, what comes is kept as a part. */
  cut(): void;
  end(event: EventOf<'file_transfer'>): void;
}

/** Keeps the contents of the files that a capture carries until they are taken. */
export class ContentKeeper {
  readonly #maxBytes: number;
  readonly #done: CarriedContent[] = [];
  #room: number;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#room = maxBytes * openFactor;
  }

  open(): KeptContent {
    const parts: Buffer[] = [];
    let bytes = 0;
    let isOpen = true;
    let isWhole = true;
    return {
      add: (more) => {
        if (!isOpen) return;
        const room = Math.min(this.#maxBytes - bytes, this.#room);
        const part = Buffer.from(more.subarray(0, room));
        isOpen = part.length === more.length;
        isWhole &&= isOpen;
        parts.push(part);
        bytes += part.length;
        this.#room -= part.length;
      },
      cut: () => {
        isWhole = false;
        isOpen &&= bytes === 0;
      },
      end: (event) => {
        if (bytes > 0) this.#done.push({ event, bytes: Buffer.concat(parts, bytes), isWhole });
        parts.length = 0;
      },
    };
  }

  /** The files that have ended since the last time. */
  take(): CarriedContent[] {
    const taken = this.#done.splice(0);
    for (const { bytes } of taken) this.#room += bytes.length;
    return taken;
  }
}
