import { childOf, maxLinks, normalPath, type TreeEntry } from './tree.ts';

/**
 * The entry that a path leads to, links followed inside the tree as in a chroot: an absolute target begins at the tree's root, `..`
 * ends there. `look` gives what stands at a path whose folders hold no links. The last link is followed when `follow` is set.
 * Undefined when a part is missing, is no folder, or more than `maxLinks` links were met.
 */
export function resolveInTree(
  path: string,
  follow: boolean,
  look: (path: string) => TreeEntry | undefined,
): TreeEntry | undefined {
  let links = 0;
  let at = '/';
  const rest = partsOf(path);
  let entry = look('/');
  while (rest.length > 0 && entry !== undefined) {
    if (entry.type !== 'directory') return undefined;
    const part = rest.pop() ?? '';
    if (part === '..') {
      at = normalPath(`${at}/..`);
      entry = look(at);
      continue;
    }
    const next = look(childOf(at, part));
    if (next?.type === 'symlink' && (follow || rest.length > 0)) {
      if (++links > maxLinks) return undefined;
      const target = next.target ?? '';
      if (target.startsWith('/')) at = '/';
      rest.push(...partsOf(target));
      if (rest.length > maxParts) return undefined;
      entry = look(at);
      continue;
    }
    at = childOf(at, part);
    entry = next;
  }
  return entry;
}

/** A target may be 4,096 bytes of `a/`; together with others still to be walked it stays below this. */
const maxParts = 2 ** 14;

/** Parts in the order in which they are taken from the end. */
function partsOf(path: string): string[] {
  return path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .reverse();
}
