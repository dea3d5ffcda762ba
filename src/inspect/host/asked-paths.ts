import { childOf, nameOf } from '../tree/tree.ts';
import type { Constraints } from './constraints.ts';
import { expandPattern } from './path-pattern.ts';
import type { TableContext } from './table-context.ts';

/** Paths that a query asks for by `path` or `directory`, each once, as the query names them. */
export function* askedPaths(context: TableContext, constraints: Constraints): Generator<string> {
  const seen = new Set<string>();
  for (const path of candidates(context, constraints)) {
    if (seen.has(path)) continue;
    seen.add(path);
    yield path;
  }
}

function* candidates(context: TableContext, constraints: Constraints): Generator<string> {
  const paths = constraints.of('path');
  const folders = constraints.of('directory');
  for (const path of paths?.equal ?? []) if (path.startsWith('/')) yield path;
  for (const pattern of paths?.like ?? []) yield* expandPattern(pattern, context);
  for (const folder of folders?.equal ?? []) yield* namesIn(folder, context);
  for (const pattern of folders?.like ?? []) {
    for (const folder of expandPattern(pattern, context)) yield* namesIn(folder, context);
  }
}

function* namesIn(folder: string, { tree }: TableContext): Generator<string> {
  if (!folder.startsWith('/')) return;
  const name = folder.length > 1 && folder.endsWith('/') ? folder.slice(0, -1) : folder;
  for (const { path } of tree.list(name)) yield childOf(name, nameOf(path));
}
