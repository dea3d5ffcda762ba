import { nameOf } from '../../tree/tree.ts';
import { lenses } from '../augeas/lenses.ts';
import { flatten, type Lens } from '../augeas/node.ts';
import type { Constraints } from '../constraints.ts';
import { defineHostTable } from '../table.ts';
import type { TableContext } from '../table-context.ts';

export const table = defineHostTable({
  id: 'augeas',
  title: 'Settings out of files of the system, node by node',
  description: `What Augeas makes of these files, by readers of our own: ${lenses.map(([pattern]) => pattern).join(', ')}. Its other files are not read. Lines that are not understood have no node, where Augeas would leave out the whole file.`,
  columns: { node: 'text', value: 'text', label: 'text', path: 'text' },
  needs: 'root',
  narrowedBy: ['path', 'node'],
  *rows(context, constraints) {
    for (const [pattern, lens] of lenses) {
      for (const path of filesOf(pattern, context)) {
        if (isAsked(path, constraints)) yield* rowsOf(path, lens, context);
      }
    }
  },
});

/** Hidden files, and those that dpkg and editors leave, are not read: `.placeholder`, `sshd_config.dpkg-old`, `x~`. */
function filesOf(pattern: string, { tree }: TableContext): string[] {
  const [folder = '', ending] = pattern.split('/*', 2);
  if (ending === undefined) return tree.stat(pattern)?.type === 'file' ? [pattern] : [];
  return tree
    .list(folder)
    .map(({ path }) => path)
    .filter((path) => path.endsWith(ending) && !/^\.|~$|\.(?:bak|dpkg-\w+|rpm(?:new|orig|save))$/.test(nameOf(path)))
    .filter((path) => tree.stat(path)?.type === 'file');
}

function isAsked(path: string, constraints: Constraints): boolean {
  if (!constraints.allows('path', path)) return false;
  const nodes = constraints.of('node');
  if (nodes === undefined || nodes.like.length > 0) return true;
  return nodes.equal.some((node) => `${node}/`.startsWith(`/files${path}/`));
}

function* rowsOf(path: string, lens: Lens, context: TableContext) {
  const text = context.text(path);
  if (text === undefined) return;
  const node = `/files${path}`;
  yield { node, value: '', label: nameOf(path), path };
  for (const one of flatten(lens(text), node)) yield { ...one, path };
}
