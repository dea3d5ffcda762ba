import { nameOf } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';

/** `"key": {:hex, :name, "version", …}`: the name in the repository is the second atom. Packages from Git have no version. */
const readMixLock: NameReader = function* readMixLock(text) {
  for (const line of text.split('\n')) {
    const pattern = /^\s*"[^"]+":\s*\{:hex,\s*:"?(?<name>[\w.-]+)"?,\s*"(?<version>[^"]+)"/;
    const { name, version } = pattern.exec(line.slice(0, 4096))?.groups ?? {};
    if (name !== undefined && version !== undefined) yield { name, version };
  }
};

export const cataloger = defineCataloger({
  id: 'hex',
  title: 'Elixir and Erlang packages',
  description: '`mix.lock`: packages of Hex. It does not tell which ones are for development.',
  references: ['https://hexdocs.pm/mix/Mix.Tasks.Deps.html'],
  guide: ['C25'],
  wants: ({ path }) => path.endsWith('mix.lock') && /(?:^|\.)mix\.lock$/.test(nameOf(path)),
  catalog: (entries, { tree }) => catalogNames({ id: 'hex', type: 'hex', entries, tree, readerOf: () => readMixLock }),
});
