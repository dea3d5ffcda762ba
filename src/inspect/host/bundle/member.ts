import type { TreeEntry } from '../../tree/tree.ts';

/** A member of a bundle while it passes by. */
export interface Member {
  readonly name: string;
  readonly type: 'file' | 'directory' | 'symlink';
  readonly size: number;
  /** Name of an earlier member whose content this one has: a hard link of a tar. */
  readonly linkTo?: string;
  /** What the archive says of the file's owner and times; a zip says little. */
  readonly facts: Partial<Pick<TreeEntry, 'mode' | 'uid' | 'gid' | 'mtime' | 'target'>>;
  readonly content: AsyncIterable<Buffer>;
  /** It stands apart: when it cannot be read, those behind it still can. */
  readonly isApart?: true;
}
