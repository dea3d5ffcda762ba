import type { Problem } from '../../../base/problem.ts';
import type { StoredTree } from '../../tree/stored-tree.ts';
import type { ForeignMounts } from '../foreign-mounts.ts';
import type { LiveHost } from '../proc/live-host.ts';
import type { RecordedHost } from '../table-context.ts';

/** What was taken from a machine, opened for looking at it. */
export interface Bundle {
  /** Whose form it has; `archive`: files of a root at their paths, as tar, CyLR and others pack them. */
  readonly form: 'vakthund' | 'uac' | 'velociraptor' | 'archive';
  /** Name of the machine, as the bundle tells it. */
  readonly host: string | undefined;
  readonly tree: StoredTree;
  /** Processes and connections as they were; undefined when they were not taken in a form that can be asked. */
  readonly live: LiveHost | undefined;
  readonly foreign: ForeignMounts;
  readonly recorded: RecordedHost;
  /** Whose key signed it (SHA-256 of the public half); undefined for a bundle without a signature. */
  readonly signedBy: string | undefined;
  readonly notChecked: readonly { readonly what: string; readonly why: string }[];
  readonly problems: readonly Problem[];
  close(): void;
}

/** Bounds of what is unpacked. */
export interface BundleLimits {
  readonly members: number;
  readonly bytes: number;
  /** Lists and tables that are held in memory. */
  readonly textBytes: number;
}

export const defaultBundleLimits: BundleLimits = { members: 2_000_000, bytes: 2 ** 35, textBytes: 2 ** 28 };
