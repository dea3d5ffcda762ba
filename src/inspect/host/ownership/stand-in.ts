import { createHash } from 'node:crypto';
import { nameOf, type FileTree } from '../../tree/tree.ts';
import { digestOf } from './digest.ts';

/** debootstrap(8) puts it in front of the real one while it works, and some leave it there: it does nothing. */
const text = '#!/bin/sh\necho\necho "Warning: Fake start-stop-daemon called, doing nothing"\n';

const textDigest = createHash('md5').update(text).digest('hex');

/** Whether the file is the stand-in for start-stop-daemon, to the letter; a collection may have its digest only. */
export function isStandIn(tree: FileTree, path: string): boolean {
  return nameOf(path) === 'start-stop-daemon' && digestOf(tree, path, 'md5') === textDigest;
}
