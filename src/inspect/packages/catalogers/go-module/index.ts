import { decodeUtf8 } from '../../../../base/bytes.ts';
import { childOf, parentOf } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, readerByName, type NameReader } from '../../named-packages.ts';
import { parseGoMod, readGoSum } from './go-mod.ts';

const maxSumBytes = 2 ** 24;

const readGoMod: NameReader = function* readGoMod(text, { entry, tree, problem }) {
  const file = parseGoMod(text);
  for (const line of file.badLines) problem('a line is no directive', line);
  const names = new Set<string>();
  for (const required of file.requires) {
    const { path, version } =
      file.replaces.get(`${required.path} ${required.version}`) ?? file.replaces.get(required.path) ?? required;
    // A replacement by a folder has no version.
    if (version === '') continue;
    names.add(path);
    yield { name: path, version };
  }
  if (file.module !== '') yield { name: file.module, version: '', isProject: true };
  // Before Go 1.17 a module names what it needs itself; what these need stands in go.sum only, in every version considered.
  if (file.isPruned) return;
  const sum = tree.read(childOf(parentOf(entry.path), 'go.sum'), maxSumBytes);
  for (const one of sum === undefined ? [] : readGoSum(decodeUtf8(sum))) {
    if (!names.has(one.name)) yield one;
  }
};

const { readerOf, wants } = readerByName({ 'go.mod': readGoMod });

export const cataloger = defineCataloger({
  id: 'go-module',
  title: 'Go modules',
  description:
    '`go.mod` with its replacements, and for modules before Go 1.17 what `go.sum` adds (of each module the last version there). Those in the module cache and in `vendor` are not read: they are those of dependencies.',
  references: ['https://go.dev/ref/mod#go-mod-file'],
  guide: ['C25'],
  wants: (entry) => wants(entry) && !entry.path.includes('/pkg/mod/') && !entry.path.includes('/vendor/'),
  catalog: (entries, { tree }) => catalogNames({ id: 'go-module', type: 'golang', entries, tree, readerOf }),
});
