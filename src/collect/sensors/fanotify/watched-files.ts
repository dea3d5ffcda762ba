import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';

const path = z.string().regex(/^\/(?:[^/].*[^/]|[^/])$/, 'a path begins with a slash and ends without one');
const schema = z.strictObject({
  version: z.literal(1),
  changes: z
    .array(
      z.strictObject({
        path,
        growing: z.boolean().default(false).describe('Writes are not told: these files are written all the time.'),
        ignored: z.boolean().default(false).describe('Nothing there is told.'),
      }),
    )
    .min(1)
    .max(1000),
  reads: z.array(path).max(1000).default([]),
});

/** What of a path is told. */
export type Told = 'everything' | 'no-writes' | 'nothing';

const maxRead = 2000;
const shipped = fileURLToPath(new URL('../../../../content/watch/files.yaml', import.meta.url));

interface Step {
  readonly names: Map<string, Step>;
  told: Told | undefined;
}

/** Which files are told of: places with all that lies below, and files whose readers are told. */
export class WatchedFiles {
  readonly #top: Step = { names: new Map(), told: undefined };
  readonly #changes: readonly string[];
  readonly #reads: readonly string[];

  /** `text` is in the form of `content/watch/files.yaml`; throws where it is not. */
  constructor(text: string) {
    const { changes, reads } = schema.parse(parse(text, { maxAliasCount: 0 }));
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

  static shipped(): WatchedFiles {
    return new WatchedFiles(readFileSync(shipped, 'utf8'));
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
