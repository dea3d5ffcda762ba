import { statSync } from 'node:fs';
import type { OpenContext } from '../collect/open/open-file.ts';
import { openFile } from '../collect/open/open-file.ts';
import type { Leaf } from '../collect/open/leaf.ts';
import type { EvidenceRow, Store } from '../store/store.ts';

const settingName = 'read_again';

/**
 * Contents that were read to their end and are to be read once more, because something that their reading depends on has come since. The store
 * keeps which they are, so that a run that is stopped, or one that only follows files, leaves them to the next.
 */
export class ReadAgain {
  readonly #store: Store;
  readonly #ids: Set<number>;

  private constructor(store: Store, ids: Set<number>) {
    this.#store = store;
    this.#ids = ids;
  }

  static async open(store: Store): Promise<ReadAgain> {
    return new ReadAgain(store, new Set(JSON.parse((await store.setting(settingName)) ?? '[]') as number[]));
  }

  has(evidenceId: number): boolean {
    return this.#ids.has(evidenceId);
  }

  get size(): number {
    return this.#ids.size;
  }

  /** How many of them were not marked before. */
  async mark(evidenceIds: readonly number[]): Promise<number> {
    const before = this.#ids.size;
    for (const id of evidenceIds) this.#ids.add(id);
    if (this.#ids.size > before) await this.#save();
    return this.#ids.size - before;
  }

  /** It has been read again, or cannot be. */
  async settle(evidenceId: number): Promise<void> {
    if (this.#ids.delete(evidenceId)) await this.#save();
  }

  async #save(): Promise<void> {
    await this.#store.setSetting(settingName, JSON.stringify([...this.#ids]));
  }
}

/** Contents of the ledger where they stood when they were read, each archive opened once. A leaf is good until the next is asked for. */
export async function* leavesOf(
  rows: readonly Pick<EvidenceRow, 'path'>[],
  context: OpenContext,
): AsyncGenerator<Leaf> {
  const paths = new Set(rows.map(({ path }) => path));
  for (const file of new Set(rows.map(({ path }) => outerFile(path)))) {
    for await (const result of openFile(file, context)) {
      if ('leaf' in result && paths.has(result.leaf.path)) yield result.leaf;
    }
  }
}

/** The file that a path of the ledger begins with; inner names follow after `!`, which a name of a file may hold too. */
export function outerFile(path: string): string {
  for (let at = path.indexOf('!'); at >= 0; at = path.indexOf('!', at + 1)) {
    if (statSync(path.slice(0, at), { throwIfNoEntry: false })?.isFile() === true) return path.slice(0, at);
  }
  return path;
}
