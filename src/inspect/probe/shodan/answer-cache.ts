import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** An answer that was kept, with when it came: milliseconds since 1970. */
export interface KeptAnswer {
  readonly askedMs: number;
  /** Null when Shodan knew nothing of the address. */
  readonly content: unknown;
}

const form = z.object({ askedMs: z.number().nonnegative(), content: z.unknown() });

/** Answers on disk, a file for each address. A file that is damaged counts as none. */
export class AnswerCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where the answer of an address stands. */
  pathOf(address: string): string {
    return join(this.#folder, `${address.replaceAll(/[^0-9a-f.]/g, '_')}.json`);
  }

  get(address: string): KeptAnswer | undefined {
    try {
      return form.parse(JSON.parse(readFileSync(this.pathOf(address), 'utf8')));
    } catch {
      return undefined;
    }
  }

  put(address: string, answer: KeptAnswer): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.pathOf(address);
    writeFileSync(`${path}.new`, JSON.stringify(answer), { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}
