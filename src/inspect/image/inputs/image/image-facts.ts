import type { Micros } from '../../../../base/time.ts';
import type { TreeEntry } from '../../../tree/tree.ts';
import type { Account } from './accounts.ts';
import type { Ownership } from './ownership.ts';
import type { Place } from '../place.ts';

/** An image as checks see it: what it says of itself, and what was noticed on the way through its files. */
export interface ImageFacts {
  /** As it was asked for, or its first tag. */
  readonly name: string;
  readonly at: Place;
  /** Made by a build, with a configuration; false for a root filesystem. */
  readonly hasConfig: boolean;
  readonly user: string;
  readonly env: readonly string[];
  /** `22/tcp`. */
  readonly exposedPorts: readonly string[];
  readonly volumes: readonly string[];
  /** Empty when it is not said. */
  readonly workingFolder: string;
  /** Undefined when the image sets none. */
  readonly healthcheck: readonly string[] | undefined;
  readonly start: readonly string[];
  readonly history: readonly string[];
  readonly created: Micros | undefined;
  /** Undefined when only the configuration was seen. */
  readonly files: ImageFiles | undefined;
}

export interface ImageFiles {
  /** Programs with a set-id bit. */
  readonly setId: readonly TreeEntry[];
  /** Files, and folders without the sticky bit, that everybody may write. */
  readonly worldWritable: readonly TreeEntry[];
  /** Programs of services, package managers and compilers that are there, by their path. */
  readonly programs: ReadonlySet<string>;
  readonly accounts: readonly Account[];
  /** Undefined where no database tells which package brought which file. */
  readonly ownership: Ownership | undefined;
  /** Files that let something in or put something before every program: path and first lines. */
  readonly entryPoints: readonly { readonly path: string; readonly text: string }[];
}
