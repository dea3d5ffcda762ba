import { nameOf, type FileTree } from '../../tree/tree.ts';

/** debootstrap(8) puts it in front of the real one while it works, and some leave it there: it does nothing. */
const text = '#!/bin/sh\necho\necho "Warning: Fake start-stop-daemon called, doing nothing"\n';

/** Whether the file is the stand-in for start-stop-daemon, to the letter. */
export function isStandIn(tree: FileTree, path: string): boolean {
  return nameOf(path) === 'start-stop-daemon' && tree.read(path, text.length + 1)?.toString('utf8') === text;
}
