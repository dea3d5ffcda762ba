/**
 * Path of a file as a program names it: joined with the directory when it is relative, without `.`, `..` and doubled
 * slashes, and without a slash at its end. Links are not resolved. A directory ends with `/` or is empty when unknown.
 */
export function joinPath(directory: string, name: string): string {
  if (name === '') return directory;
  const isAbsolute = name.startsWith('/');
  if (isAbsolute && !name.includes('//') && !name.includes('/.') && !name.endsWith('/')) return name;
  const base = isAbsolute ? '' : directory;
  const isRooted = isAbsolute || base.startsWith('/');
  // What stands for an unknown directory is kept, and nothing is put between it and the name.
  const root = isRooted ? '/' : base;
  const parts = isRooted ? base.split('/').filter((part) => part !== '') : [];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return root + parts.join('/');
}

/** Everything before the last slash; `/` when there is no other. */
export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash <= 0) return '/';
  return slash < path.length - 1 ? path.slice(0, slash) : path;
}

/** Everything after the last slash. */
export function fileNameOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return '/';
  return slash < path.length - 1 ? path.slice(slash + 1) : path;
}
