import { nameOf, type TreeEntry } from '../../../tree/tree.ts';
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

/** `{<<"app">>,{pkg,<<"name">>,<<"version">>…},0}` of rebar3; packages from Git are `{git,…}`. */
const readRebarLock: NameReader = function* readRebarLock(text) {
  const pattern = /\{pkg,\s*<<"(?<name>[^"\n]{1,200})">>,\s*<<"(?<version>[^"\n]{1,200})">>/g;
  for (const { groups } of text.matchAll(pattern)) {
    yield { name: groups?.['name'] ?? '', version: groups?.['version'] ?? '' };
  }
};

function readerOf({ path }: TreeEntry): NameReader | undefined {
  if (path.endsWith('/rebar.lock')) return readRebarLock;
  return path.endsWith('mix.lock') && /(?:^|\.)mix\.lock$/.test(nameOf(path)) ? readMixLock : undefined;
}

export const cataloger = defineCataloger({
  id: 'hex',
  title: 'Elixir and Erlang packages',
  description: '`mix.lock` and `rebar.lock`: packages of Hex. They do not tell which ones are for development.',
  references: ['https://hexdocs.pm/mix/Mix.Tasks.Deps.html', 'https://rebar3.org/docs/configuration/dependencies/'],
  guide: ['C25'],
  wants: (entry) => entry.path.endsWith('.lock') && readerOf(entry) !== undefined,
  catalog: (entries, { tree }) => catalogNames({ id: 'hex', type: 'hex', entries, tree, readerOf }),
});
