import { lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { filesIn } from './guarded-paths.ts';
import type { Tampering } from './tampering.ts';

/**
 * Files that this program only ever appends to, oldest first in the order of their names: a record that is gone was removed by somebody, unless it
 * was among the oldest, which go when the bound is reached. The newest, which is written to, never does.
 */
export class AppendedFiles {
  readonly #folder: string;
  #sizes = new Map<string, number>();
  #newest = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  *look(): Generator<Tampering> {
    const now = new Map<string, number>();
    const [oldest, newest] = [new Map<string, string>(), new Set<string>()];
    for (const sensor of foldersIn(this.#folder)) {
      const files = [...filesIn(join(this.#folder, sensor))].filter(([, stats]) => stats.isFile());
      for (const [path, { size }] of files) now.set(path, size);
      const paths = files.map(([path]) => path).sort();
      oldest.set(sensor, paths[0] ?? '');
      newest.add(paths.at(-1) ?? '');
    }
    for (const [path, size] of this.#sizes) {
      const left = now.get(path);
      // What stands after one that is still there is not among the oldest.
      const first = oldest.get(relative(this.#folder, path).split('/', 1)[0] ?? '') ?? '';
      const isLost = left === undefined ? this.#newest.has(path) || (first !== '' && path > first) : left < size;
      if (isLost) yield lost(path, left === undefined ? 'removed' : 'cut');
    }
    this.#sizes = now;
    this.#newest = newest;
  }
}

/** Whether sensors recorded something below the folder before that time, in ms since 1970. */
export function hasRecordsBefore(folder: string, ms: number): boolean {
  const isOld = ([, stats]: readonly [string, { isFile(): boolean; birthtimeMs: number }]): boolean =>
    stats.isFile() && stats.birthtimeMs < ms;
  return foldersIn(folder).some((sensor) => [...filesIn(join(folder, sensor))].some(isOld));
}

function lost(path: string, how: string): Tampering {
  const message = `${path}, which only grows, was ${how}`;
  return { rule: 'records-removed', title: 'Records of the watch removed', severity: 'high', message, path };
}

/** Of sensors; the queue of deliveries is cut by this program itself, and captures move on once they are whole, and go once they are read. */
const others = new Set(['queue', 'packets', 'packets.open']);
function foldersIn(folder: string): string[] {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !others.has(entry.name))
    .map(({ name }) => name);
}
