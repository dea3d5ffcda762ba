import type { TableContext } from './table-context.ts';

const files = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'];

/** Names of `pci.ids`: `VENDOR`, `VENDOR DEVICE`, `C CLASS` and `C CLASS SUBCLASS`, numbers in lower-case hexadecimal. */
export function readPciNames(context: TableContext): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  const file = files.find((path) => context.tree.stat(path) !== undefined);
  let above = '';
  for (const line of file === undefined ? [] : context.lines(file)) {
    const fields = /^(?<indent>\t?)(?<id>C [0-9a-f]{2}|[0-9a-f]{4}|[0-9a-f]{2})\s+(?<name>.*)$/.exec(line)?.groups;
    if (fields === undefined) continue;
    const { indent = '', id = '', name = '' } = fields;
    if (indent === '') above = id;
    names.set(indent === '' ? id : `${above} ${id}`, name);
  }
  return names;
}
