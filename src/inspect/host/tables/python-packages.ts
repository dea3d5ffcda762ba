import { defineHostTable } from '../table.ts';
import { nameOf } from '../../tree/tree.ts';
import { expandPattern } from '../path-pattern.ts';
import type { TableContext } from '../table-context.ts';

const places = [
  '/usr/lib/python%/dist-packages',
  '/usr/lib/python%/site-packages',
  '/usr/lib64/python%/site-packages',
  '/usr/local/lib/python%/dist-packages',
  '/usr/local/lib/python%/site-packages',
];

export const table = defineHostTable({
  id: 'python_packages',
  title: 'Packages of Python',
  description:
    'Metadata in the folders of the system’s Pythons and of the users’ own (`~/.local`); other folders when a query asks for them by `directory`.',
  columns: {
    name: 'text',
    uid: 'bigint',
    version: 'text',
    summary: 'text',
    author: 'text',
    license: 'text',
    path: 'text',
    directory: 'text',
  },
  hidden: { pid_with_namespace: 'integer' },
  needs: 'root',
  narrowedBy: ['directory'],
  *rows(context, constraints) {
    const asked = constraints.of('directory')?.equal.map((directory) => ({ directory, uid: 0 }));
    const seen = new Set<string>();
    for (const { directory, uid } of asked ?? folders(context)) {
      const real = context.tree.stat(directory)?.path;
      if (real === undefined || seen.has(real)) continue;
      seen.add(real);
      for (const { path } of context.tree.list(directory)) {
        const facts = factsOf(path, context);
        if (facts !== undefined) yield { uid, ...facts, path: `${directory}/${nameOf(path)}`, directory };
      }
    }
  },
});

function* folders(context: TableContext): Generator<{ directory: string; uid: number }> {
  for (const place of places) {
    for (const directory of expandPattern(place, context)) yield { directory, uid: 0 };
  }
  for (const { uid, home } of context.accounts.all) {
    const place = `${home}/.local/lib/python%/site-packages`;
    for (const directory of expandPattern(place, context)) yield { directory, uid };
  }
}

const maxBytes = 1 << 18;

/** Head of METADATA or PKG-INFO (PEP 241 and later). */
function factsOf(
  path: string,
  context: TableContext,
): Record<'name' | 'version' | 'summary' | 'author' | 'license', string> | undefined {
  const file = metadataFile(path, context);
  const text = file === undefined ? undefined : context.tree.read(file, maxBytes)?.toString('utf8');
  const value = (key: string): string => {
    const line = head.find((one) => one.startsWith(`${key}: `));
    return line?.slice(key.length + 2).trim() ?? '';
  };
  const head = text?.split(/\r?\n\r?\n/, 1)[0]?.split(/\r?\n/) ?? [];
  if (value('Name') === '') return undefined;
  return {
    name: value('Name'),
    version: value('Version'),
    summary: value('Summary'),
    author: value('Author'),
    license: value('License'),
  };
}

function metadataFile(path: string, { tree }: TableContext): string | undefined {
  if (path.endsWith('.dist-info')) return `${path}/METADATA`;
  if (!path.endsWith('.egg-info')) return undefined;
  return tree.stat(path)?.type === 'directory' ? `${path}/PKG-INFO` : path;
}
