import type { TreeEntry } from '../../tree/tree.ts';
import type { UnpackedMember } from './unpack.ts';

/** The entry of a member as far as its archive tells: a zip tells no owner and no mode, which count as the usual ones. */
export function entryOfMember(path: string, { type, facts, place }: UnpackedMember): TreeEntry {
  return {
    path,
    type,
    size: type === 'file' ? place.length : 0,
    mode: type === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    ...facts,
  };
}
