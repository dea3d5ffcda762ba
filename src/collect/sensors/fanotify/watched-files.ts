import { globSync } from 'node:fs';
import type { WatchedList } from './watched-list.ts';

/** What of a path is told. */
export type Told = 'everything' | 'no-writes' | 'nothing';

const maxRead = 2000;

interface Step {
  readonly names: Map<string, Step>;
  told: Told | undefined;
}

/** Which files are told of: places with all that lies below, and files whose readers are told. */
export class WatchedFiles {
  readonly #top: Step = { names: new Map(), told: undefined };
  readonly #changes: readonly string[];
  readonly #reads: readonly string[];

  constructor({ changes, reads }: WatchedList) {
    this.#changes = changes.map((one) => one.path);
    this.#reads = reads;
    for (const one of changes) {
      let step = this.#top;
      for (const name of one.path.slice(1).split('/')) {
        let next = step.names.get(name);
        if (next === undefined) step.names.set(name, (next = { names: new Map(), told: undefined }));
        step = next;
      }
      step.told = one.growing ? 'no-writes' : 'everything';
      if (one.ignored) step.told = 'nothing';
    }
  }

  /** By the longest place that it lies below; a name counts for more than a `*`. */
  toldOf(file: string): Told {
    let told: Told = 'nothing';
    let step: Step | undefined = this.#top;
    for (let at = 1; at <= file.length;) {
      const slash = file.indexOf('/', at);
      const end = slash < 0 ? file.length : slash;
      step = step.names.get(file.slice(at, end)) ?? step.names.get('*');
      if (step === undefined) return told;
      told = step.told ?? told;
      at = end + 1;
    }
    return told;
  }

  /** Where places begin, as far as no `*` stands in them. */
  roots(): string[] {
    return [...new Set(this.#changes.map((one) => one.split('/*', 1)[0] ?? one))];
  }

  /** Files that are there now and whose readers are told. */
  readFiles(): string[] {
    return this.#reads.flatMap((glob) => globSync(glob)).slice(0, maxRead);
  }
}
