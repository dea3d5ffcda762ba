import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import type { TableContext } from '../table-context.ts';

const places = ['/usr/lib/node_modules', '/usr/local/lib/node_modules', '/opt/homebrew/lib/node_modules'];
const maxBytes = 1 << 20;

export const table = defineHostTable({
  id: 'npm_packages',
  title: 'Packages of npm that are installed for everybody',
  description:
    '`package.json` of the global folders; of another folder when a query asks for it by `directory` (its `node_modules`).',
  columns: {
    name: 'text',
    version: 'text',
    description: 'text',
    author: 'text',
    license: 'text',
    homepage: 'text',
    path: 'text',
    directory: 'text',
  },
  hidden: { pid_with_namespace: 'integer', mount_namespace_id: 'text' },
  needs: 'root',
  narrowedBy: ['directory'],
  *rows(context, constraints) {
    const asked = constraints.of('directory')?.equal;
    const folders = asked?.map((directory) => ({ directory, modules: `${directory}/node_modules` }));
    for (const { directory, modules } of folders ??
      places.map((path) => ({ directory: path.slice(0, -'/node_modules'.length), modules: path }))) {
      for (const path of packageFolders(modules, context)) {
        const facts = factsOf(`${path}/package.json`, context);
        if (facts !== undefined) yield { ...facts, path: `${path}/package.json`, directory };
      }
    }
  },
});

function packageFolders(modules: string, { tree }: TableContext): string[] {
  return tree.list(modules).flatMap(({ path }) => {
    if (!nameOf(path).startsWith('@')) return [`${modules}/${nameOf(path)}`];
    return tree.list(path).map((inner) => `${modules}/${nameOf(path)}/${nameOf(inner.path)}`);
  });
}

function factsOf(
  path: string,
  context: TableContext,
): Record<'name' | 'version' | 'description' | 'author' | 'license' | 'homepage', string> | undefined {
  const text = context.tree.read(path, maxBytes)?.toString('utf8');
  if (text === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    context.complain('bad-record', path, 'the file is no JSON');
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const fields = parsed as Readonly<Record<string, unknown>>;
  return {
    name: textOf(fields['name']),
    version: textOf(fields['version']),
    description: textOf(fields['description']),
    author: textOf(fields['author']),
    license: textOf(fields['license']),
    homepage: textOf(fields['homepage']),
  };
}

/** A text, or the `name` or `type` of an object. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  const { name, type } = value as { readonly name?: unknown; readonly type?: unknown };
  const text = name ?? type;
  return typeof text === 'string' ? text : '';
}
