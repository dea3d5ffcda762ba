import type { MemoryFile } from './memory-tree.ts';

/** Files of a tree, and what is to be found in them: `name version`, then `dev` or `project`. */
export interface PackageSample {
  readonly cataloger: string;
  readonly what: string;
  readonly files: Readonly<Record<string, MemoryFile>>;
  readonly packages: readonly string[];
}
