import type { Problem } from '../../base/problem.ts';
import type { Micros } from '../../base/time.ts';
import type { Packing } from './content.ts';

/** One content to be decoded: a file, or a member of an archive, freed of its wrapping. */
export interface Leaf {
  /** Path as given; inner names after `!`. For people and for the ledger, never opened. */
  readonly path: string;
  /** The file of the evidence that it stands in. */
  readonly filePath: string;
  /** The bytes on disk: `filePath` itself, or a spooled member. */
  readonly diskPath: string;
  readonly compression: Packing;
  /** When the file of the evidence was last changed: what it holds was written before. */
  readonly modified: Micros | undefined;
  /** Removes the spooled copy, if there is one. */
  dispose(): void;
}

export type OpenResult = { readonly leaf: Leaf } | { readonly problem: Problem };
