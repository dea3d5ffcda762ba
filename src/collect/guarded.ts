/** What a file is to a watch that nobody should change while it runs. */
export type GuardedRole = 'program' | 'rules' | 'settings' | 'unit' | 'baseline' | 'suppressions' | 'store';

/** A file or a folder of this program. */
export interface GuardedPath {
  /** Absolute. It need not be there. */
  readonly path: string;
  readonly role: GuardedRole;
}
