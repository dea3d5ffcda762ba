import { childOf, nameOf } from '../tree/tree.ts';
import type { TableContext } from './table-context.ts';

/** Paths that one pattern gives. */
const maxPaths = 500_000;
/** Folders below each other that `%%` enters, as in osquery: links may lead round in circles. */
const maxDepth = 64;

/**
 * Paths that fit a pattern as osquery expands it for LIKE: `%` is any run inside one name, `%%` at the end everything below, at
 * any depth. Links are named and entered as they stand, except below `%%`.
 */
export function* expandPattern(pattern: string, context: TableContext): Generator<string> {
  if (!pattern.startsWith('/')) return;
  const parts = pattern.split('/').filter((part) => part !== '');
  let count = 0;
  for (const path of expand('/', parts, 0, context)) {
    if (++count > maxPaths) {
      context.complain(
        'limit-reached',
        pattern,
        `the pattern gives more than ${maxPaths} paths; the rest is not looked at`,
      );
      return;
    }
    yield path;
  }
}

function* expand(folder: string, parts: readonly string[], index: number, context: TableContext): Generator<string> {
  const part = parts[index];
  if (part === undefined) return;
  const isLast = index === parts.length - 1;
  if (part.includes('%%')) {
    yield* below(folder, part, context, 0);
  } else if (part.includes('%')) {
    const fits = nameTest(part);
    for (const { path } of context.tree.list(folder)) {
      const child = childOf(folder, nameOf(path));
      if (!fits(nameOf(path))) continue;
      if (isLast) yield child;
      else yield* expand(child, parts, index + 1, context);
    }
  } else if (!isLast) yield* expand(childOf(folder, part), parts, index + 1, context);
  else if (context.tree.lstat(childOf(folder, part)) !== undefined) yield childOf(folder, part);
}

function* below(folder: string, part: string, context: TableContext, depth: number): Generator<string> {
  if (depth >= maxDepth) return;
  const fits = depth === 0 ? nameTest(part) : (): boolean => true;
  for (const { path, type } of context.tree.list(folder)) {
    if (!fits(nameOf(path))) continue;
    const child = childOf(folder, nameOf(path));
    yield child;
    if (type === 'directory') yield* below(child, part, context, depth + 1);
  }
}

/** Whether a name fits: the pieces between the wildcards come one after the other. */
function nameTest(part: string): (name: string) => boolean {
  const pieces = part.split(/%+/);
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  const middle = pieces.slice(1, -1);
  return (name) => {
    if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
    const inner = name.slice(first.length, name.length - last.length);
    let at = 0;
    for (const piece of middle) {
      const found = inner.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return true;
  };
}
