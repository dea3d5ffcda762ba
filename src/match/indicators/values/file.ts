import { normalValue, type Normalised } from './value.ts';

/** Folders under which a plain list means a file: other texts with a slash in front are targets of web requests. */
const unixFolder =
  /^\/(?:applications|bin|boot|data|dev|etc|home|lib\w*|library|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|users|usr|var)\/./i;
const windowsPath = /^[a-z]:\\./i;
/** A name in any folder, as patterns write it. */
const anywhere = /^(?:\*|\*\*)[\\/](?=[^\\/]+$)/;

/** True for text that can only be meant as a file: a path below a usual folder, or a name behind a star and a slash. */
export function looksLikeFile(text: string): boolean {
  return unixFolder.test(text) || windowsPath.test(text) || anywhere.test(text);
}

/** Fewest characters of a bare name: shorter ones are everywhere. */
const shortestName = 3;

/**
 * A whole path (with a slash or backslash) or a bare file name, in lower case: lists of malware for both worlds are
 * written in any. A star and a slash before a name, which mean "in any folder", fall away.
 */
export function normaliseFile(text: string): Normalised {
  const value = text
    .trim()
    .replace(anywhere, '')
    .replace(/(?<=.)[\\/]+$/, '')
    .toLowerCase();
  if (value === '' || /[\0\r\n]/.test(value)) return 'is no file name';
  if (/[*?]/.test(value)) return 'has a wildcard, which names of files may not have';
  if (/^~|%\w+%|\$\{?\w/.test(value)) return 'has a variable, which stands for another folder on each machine';
  const isWhole = value.startsWith('/') || windowsPath.test(value) || value.startsWith('\\\\');
  if (!isWhole && /[\\/]/.test(value)) return 'is a path that does not begin at a root';
  if (value.length < shortestName) return 'is too short to mean anything';
  return normalValue('file', value);
}

/** The last part of a path in either spelling. */
export function baseNameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** True for a normal value that names a place, not a name that may lie anywhere. */
export function isWholePath(value: string): boolean {
  return value.includes('/') || value.includes('\\');
}
