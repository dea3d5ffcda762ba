import { statfsSync } from 'node:fs';

/** What a commit and a judgement need at least: below it nothing is tried. */
const leastBytes = 4_000_000;

/** Whether something failed because a disk is full: of the system (`ENOSPC`), or of DuckDB, which says it in words. */
export function isNoRoom(text: string): boolean {
  return /ENOSPC|EDQUOT|no space left on device|disk quota exceeded/i.test(text);
}

/** The disk of a case that may be full: a watch waits until somebody makes room, and goes on. */
export class Room {
  readonly #folder: string;
  #isFull = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get isFull(): boolean {
    return this.#isFull;
  }

  /** True for the first failure of a time without room. */
  hasFailed(): boolean {
    const isFirst = !this.#isFull;
    this.#isFull = true;
    return isFirst;
  }

  /** True when there is room again. */
  hasCome(): boolean {
    if (!this.#isFull || freeBytes(this.#folder) < leastBytes) return false;
    this.#isFull = false;
    return true;
  }
}

/** For whoever is not root; plenty where nobody can tell, as of a quota: then it is tried. */
function freeBytes(folder: string): number {
  try {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize;
  } catch {
    return Infinity;
  }
}
