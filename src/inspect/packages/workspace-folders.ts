import { childOf, nameOf, normalPath, walkTree, type FileTree, type TreeEntry } from '../tree/tree.ts';

/** Folders looked at for one workspace; the largest in public have some thousand members. */
const maxFolders = 20_000;
/** Folders that hold the works of others, and what was built. */
const passedOver: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'target', '.git']);

/**
 * Folders that the patterns of a workspace name, as npm, Yarn and Cargo write them: `packages/a`, `packages/*`, `apps/**`, and `!apps/old`
 * for what is none. Undefined when a pattern is of another form, or leads further than is looked.
 */
export function workspaceFolders(tree: FileTree, root: string, patterns: readonly string[]): string[] | undefined {
  const found = new Set<string>();
  const left = { count: maxFolders };
  for (const pattern of patterns) {
    const isOut = pattern.startsWith('!');
    const folders = foldersOf(tree, root, isOut ? pattern.slice(1) : pattern, left);
    if (folders === undefined) return undefined;
    for (const folder of folders) {
      if (isOut) found.delete(folder);
      else found.add(folder);
    }
  }
  return [...found];
}

function foldersOf(tree: FileTree, root: string, pattern: string, left: { count: number }): string[] | undefined {
  if (/[{}[\]()?]/.test(pattern)) return undefined;
  let folders = [root];
  for (const part of pattern.split('/').slice(0, 64)) {
    if (part === '' || part === '.') continue;
    const next = folders.flatMap((folder) => stepInto(tree, folder, part, left));
    if (left.count < 0) return undefined;
    folders = next;
  }
  return folders;
}

function stepInto(tree: FileTree, folder: string, part: string, left: { count: number }): string[] {
  if (left.count < 0) return [];
  if (part === '..' || !part.includes('*')) {
    left.count--;
    return [normalPath(childOf(folder, part))];
  }
  const isFolder = ({ type, path }: TreeEntry): boolean => type === 'directory' && !passedOver.has(nameOf(path));
  const found: string[] = part === '**' ? [folder] : [];
  const entries = part === '**' ? walkTree(tree, folder, isFolder) : tree.list(folder);
  for (const entry of entries) {
    if (--left.count < 0) break;
    if (isFolder(entry) && (part === '**' || fits(nameOf(entry.path), part))) found.push(entry.path);
  }
  return found;
}

/** Stars stand for any signs. */
function fits(name: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop() ?? '';
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    at = name.indexOf(part, at);
    if (at < 0 || at + part.length > name.length - last.length) return false;
    at += part.length;
  }
  return true;
}
