import type { ProblemList } from '../../../base/problem.ts';
import { shownPath, type FileState } from './attributes.ts';
import type { StateTable } from './database.ts';
import { HashPool } from './hash-pool.ts';
import type { Policy } from './policy.ts';
import { walkWatched, type Watched } from './walk.ts';
import type { XattrReader } from './xattrs.ts';

export interface SnapshotOptions {
  readonly root: string;
  readonly policy: Policy;
  /** What was there before: a file whose size, times of change and inode are the same keeps its digest, unless `isFull`. */
  readonly before?: StateTable;
  readonly isFull?: boolean;
  readonly xattrs: XattrReader | undefined;
  /** Takes what would be kept in `states`: whoever needs all of it packs it at once. */
  readonly onState?: (state: FileState) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (files: number) => void;
}

export interface Snapshot {
  /** What is there and not known to be as before, by path. */
  readonly states: ReadonlyMap<string, FileState>;
  /** Growing files: digest of as many bytes as there were before. */
  readonly oldParts: ReadonlyMap<string, string>;
  /** All that is there. */
  readonly files: number;
  readonly hashedFiles: number;
  readonly hashedBytes: number;
}

/** Looks at everything that a policy watches, contents on all cores. Paths that are still there are seen by `before`. */
export async function takeSnapshot(options: SnapshotOptions, problems: ProblemList): Promise<Snapshot> {
  const taker = new SnapshotTaker(options, problems);
  try {
    for (const watched of walkWatched(options.root, options.policy, problems)) {
      if (taker.files % 4096 === 0) {
        options.signal?.throwIfAborted();
        options.onProgress?.(taker.files);
      }
      await taker.take(watched);
    }
    await taker.finish();
  } finally {
    await taker.close();
  }
  return taker;
}

class SnapshotTaker implements Snapshot {
  readonly states = new Map<string, FileState>();
  readonly oldParts = new Map<string, string>();
  files = 0;
  hashedFiles = 0;
  hashedBytes = 0;
  readonly #options: SnapshotOptions;
  readonly #problems: ProblemList;
  /** The root as bytes, without a slash at the end. */
  readonly #base: string;
  readonly #pool = new HashPool();

  constructor(options: SnapshotOptions, problems: ProblemList) {
    this.#options = options;
    this.#problems = problems;
    this.#base = options.root === '/' ? '' : Buffer.from(options.root).toString('latin1');
  }

  async take({ state, rule }: Watched): Promise<void> {
    this.files++;
    const { before, isFull } = this.#options;
    const isKnown = before?.see(state.path) === true;
    const untouched = isKnown ? before.untouched(state) : undefined;
    const needsContent = state.type === 'f' && (rule.growing || rule.attributes.has('content'));
    if (untouched !== undefined && isFull !== true && (!needsContent || untouched.digest !== '')) return;
    if (rule.attributes.has('xattrs') && state.type !== 'l') {
      state.xattrs = this.#options.xattrs?.digestOf(this.#base + state.path) ?? '';
    }
    if (!needsContent) {
      this.#keep(state);
      return;
    }
    if (rule.growing && isKnown && untouched === undefined) await this.#hashOldPart(state);
    await this.#hash(state, untouched);
  }

  async finish(): Promise<void> {
    await this.#pool.finish();
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  /** A state that turns out to be as it was is not kept: memory is for what changed. */
  async #hash(state: FileState, untouched: ReturnType<StateTable['untouched']>): Promise<void> {
    this.hashedFiles++;
    this.hashedBytes += state.size;
    await this.#add(state, state.size, Infinity, (digest) => {
      if (digest.startsWith('!')) {
        this.#problems.add({ code: 'unreadable', at: { path: shownPath(state.path) }, message: digest.slice(1) });
      } else state.digest = digest;
      if (untouched?.digest !== state.digest || untouched.xattrs !== state.xattrs) this.#keep(state);
    });
  }

  #keep(state: FileState): void {
    if (this.#options.onState === undefined) this.states.set(state.path, state);
    else this.#options.onState(state);
  }

  async #hashOldPart(state: FileState): Promise<void> {
    const known = this.#options.before?.get(state.path);
    if (known === undefined || known.digest === '' || state.size < known.size) return;
    await this.#add(state, known.size, known.size, (digest) => this.oldParts.set(state.path, digest));
  }

  async #add(state: FileState, bytes: number, limit: number, done: (digest: string) => void): Promise<void> {
    await this.#pool.add(this.#base + state.path, bytes, done, limit);
  }
}
