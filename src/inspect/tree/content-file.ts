import { closeSync, ftruncateSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a content stands in a `ContentFile`. */
export interface ContentPlace {
  readonly offset: number;
  readonly length: number;
}

/**
 * Contents one after the other in a file on disk that has no name: nobody else can open it, and it is gone with the process. Written
 * once, then read in places.
 */
export class ContentFile {
  readonly #descriptor: number;
  #size = 0;
  #isClosed = false;

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), 'vakthund-content-'));
    try {
      this.#descriptor = openSync(join(folder, 'content'), 'wx+', 0o600);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  get size(): number {
    return this.#size;
  }

  append(bytes: Uint8Array): ContentPlace {
    const offset = this.#size;
    for (let written = 0; written < bytes.length;) {
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written, offset + written);
    }
    this.#size += bytes.length;
    return { offset, length: bytes.length };
  }

  /** Forgets what stands from `offset` on: a content that is not kept after all. */
  cut(offset: number): void {
    ftruncateSync(this.#descriptor, offset);
    this.#size = offset;
  }

  /** `length` bytes of a content from `from` on; fewer at its end. */
  read(place: ContentPlace, from = 0, length = place.length): Buffer {
    const wanted = Math.max(0, Math.min(length, place.length - from));
    const bytes = Buffer.allocUnsafe(wanted);
    let filled = 0;
    while (filled < wanted) {
      const at = place.offset + from + filled;
      const count = readSync(this.#descriptor, bytes, filled, wanted - filled, at);
      if (count === 0) break;
      filled += count;
    }
    return bytes.subarray(0, filled);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#descriptor);
  }
}
