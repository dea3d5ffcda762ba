import type { TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { readGemspec } from './gemspec.ts';

/** In the sections of sources, four spaces and `name (version)` is a gem, six are what it needs. A platform follows the version. */
const readGemfileLock: NameReader = function* readGemfileLock(text) {
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    if (/^[A-Z]/.test(line)) section = line.trim();
    if (!['GEM', 'GIT', 'PATH', 'PLUGIN SOURCE'].includes(section)) continue;
    const { name, version } = /^ {4}(?<name>[^\s(]+) \((?<version>[^\s()-]+)(?:-[^)]*)?\)$/.exec(line)?.groups ?? {};
    if (name === undefined || version === undefined) continue;
    yield { name, version, isProject: section === 'PATH' ? true : undefined };
  }
};

function readerOf({ path }: TreeEntry): NameReader | undefined {
  if (/\/(?:Gemfile|gems)\.lock(?:ed)?$/.test(path) || path.endsWith('/gems.locked')) return readGemfileLock;
  return path.endsWith('.gemspec') && path.includes('/specifications/') ? readGemspec : undefined;
}

export const cataloger = defineCataloger({
  id: 'ruby',
  title: 'Ruby gems',
  description:
    'Installed gems by `specifications/*.gemspec` (those in `default/` come with Ruby and are marked so), and `Gemfile.lock`. A gemspec elsewhere is the source of a gem and installs nothing.',
  references: ['https://guides.rubygems.org/specification-reference/', 'https://bundler.io/guides/gemfile.html'],
  guide: ['C25'],
  wants: (entry) =>
    (entry.path.endsWith('.gemspec') || /\.lock(?:ed)?$/.test(entry.path)) && readerOf(entry) !== undefined,
  catalog: (entries, { tree }) => catalogNames({ id: 'ruby', type: 'gem', entries, tree, readerOf }),
});
