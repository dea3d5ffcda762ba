/** An absolute path without `//`, `/./` and `/../`; null when `name` is relative and there is nothing to join it with. */
export function absolutePath(name: string, directory: string | null): string | null {
  if (name.startsWith('/')) return isClean(name) ? name : cleaned(name);
  if (directory?.startsWith('/') !== true) return null;
  const joined = directory === '/' ? `/${name}` : `${directory}/${name}`;
  return isClean(joined) ? joined : cleaned(joined);
}

/** Quick look: most paths have no dot or slash after a slash, and do not end with one. */
function isClean(path: string): boolean {
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    const next = path.charCodeAt(at + 1);
    if (next === 0x2f || next === 0x2e || Number.isNaN(next)) return path.length === 1;
  }
  return true;
}

function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Last part of a path, a trailing slash not counted. */
export function baseName(path: string): string {
  const end = path.endsWith('/') ? path.length - 1 : path.length;
  return path.slice(path.lastIndexOf('/', end - 1) + 1, end);
}

/** The directory that an absolute path lies in. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')));
}
