import { nameOf, type TreeEntry } from '../../../tree/tree.ts';
import { defineCataloger } from '../../cataloger.ts';
import { catalogNames, type NameReader } from '../../named-packages.ts';
import { readPdmLock, readPipfileLock, readPoetryLock, readPylock, readUvLock } from './locks.ts';
import { readRequirements } from './requirements.ts';

const readers: readonly (readonly [RegExp, NameReader])[] = [
  [/^Pipfile\.lock$/, readPipfileLock],
  [/^poetry\.lock$/, readPoetryLock],
  [/^uv\.lock$/, readUvLock],
  [/^pdm\.lock$/, readPdmLock],
  [/^pylock(?:\.[^.]+)?\.toml$/, readPylock],
  [/requirements[^/]*\.txt$/, readRequirements],
];

function readerOf({ path }: TreeEntry): NameReader | undefined {
  const name = nameOf(path);
  return readers.find(([pattern]) => pattern.test(name))?.[1];
}

export const cataloger = defineCataloger({
  id: 'python-lock',
  title: 'Lock files of Python',
  description:
    '`poetry.lock`, `Pipfile.lock`, `uv.lock`, `pdm.lock`, `pylock.toml`, and of `requirements*.txt` the lines with one exact version. Those below `site-packages` and `dist-packages` are not read: they belong to installed packages.',
  references: [
    'https://packaging.python.org/en/latest/specifications/pylock-toml/',
    'https://pip.pypa.io/en/stable/reference/requirements-file-format/',
  ],
  guide: ['C25'],
  wants: (entry) =>
    (entry.path.endsWith('.lock') || entry.path.endsWith('.toml') || entry.path.endsWith('.txt')) &&
    readerOf(entry) !== undefined &&
    !/\/(?:site|dist)-packages\//.test(entry.path),
  catalog: (entries, { tree }) => catalogNames({ id: 'python-lock', type: 'pypi', entries, tree, readerOf }),
});
