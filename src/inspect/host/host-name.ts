import type { FileTree } from '../tree/tree.ts';

/** The name that a system calls itself by. Of an image it says nothing: it is the one of the machine that built it. */
export function hostNameOf(tree: FileTree): string | undefined {
  const name = tree.kind === 'image' ? '' : (tree.read('/etc/hostname', 256)?.toString('utf8').trim() ?? '');
  return /^[\w.-]{1,253}$/.test(name) ? name : undefined;
}
